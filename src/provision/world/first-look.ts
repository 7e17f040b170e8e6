import { type Connection, ConnectionError } from '../../libvirt/connection.ts';
import type { LiveDomain, LiveNetwork, LivePool, LiveVolume } from '../world.ts';
import { ask, both, each, type Question, question } from './batch.ts';
import { type Listed, type Listing, listing, required, uuidsIn } from './listing.ts';
import { liveDomain, type ManagedSaves } from './live-domain.ts';
import { liveNetwork } from './live-network.ts';
import { livePool } from './live-pool.ts';
import { poolContent } from './pool-content.ts';
import type { Wanted } from './wanted.ts';

/** What one `virsh` process tells: every list, and the objects of the spec. */
export interface FirstLook {
  readonly lists: { readonly domains: Listing; readonly networks: Listing; readonly pools: Listing };
  readonly saved: ManagedSaves;
  readonly networks: readonly LiveNetwork[];
  readonly pools: readonly LivePool[];
  readonly volumes: readonly LiveVolume[];
  /** Of the pools of the spec: volumes that the spec does not have. */
  readonly otherVolumes: readonly { readonly pool: string; readonly name: string }[];
  readonly domains: readonly LiveDomain[];
}

/** virsh takes such a word for the number or the UUID of a domain before it takes it for a name. */
const AMBIGUOUS = /^(?:\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** Which drivers have to answer, beside that of the VMs. */
export interface Drivers {
  readonly networks: boolean;
  readonly pools: boolean;
}

export async function firstLook(connection: Connection, wanted: Wanted, drivers: Drivers): Promise<FirstLook> {
  // Pools come before the lists: one whose folder is gone stops when it is looked into.
  const pools = wanted.pools.map((name) => poolContent(name, namesIn(wanted, name)));
  const named = {
    networks: each(wanted.networks.map((name) => liveNetwork({ name }))),
    pools: each(wanted.pools.map((name) => livePool({ name }))),
    domains: each(wanted.domains.filter((name) => !AMBIGUOUS.test(name)).map((name) => liveDomain({ name }))),
  };
  const asked = both(both(each(pools), everyList()), both(both(named.networks, named.pools), named.domains));
  const [[contents, [[domainList, saved], [networkList, poolList]]], [[readNetworks, readPools], readDomains]] = await ask(
    connection,
    asked,
  );
  const lists = {
    domains: required(domainList, 'domain', connection),
    networks: drivers.networks ? required(networkList, 'network', connection) : ifThere(networkList),
    pools: drivers.pools ? required(poolList, 'pool', connection) : ifThere(poolList),
  };
  const livePools = readPools.map((read) => read(lists.pools));
  const found = contents.map((read, index) => ({ pool: wanted.pools[index] ?? '', ...read(livePools[index] ?? null) }));
  return {
    lists,
    saved,
    networks: readNetworks.flatMap((read) => read(lists.networks) ?? []),
    pools: livePools.flatMap((pool) => pool ?? []),
    volumes: found.flatMap(({ volumes }) => volumes),
    otherVolumes: found.flatMap(({ pool, names }) => {
      const own = new Set(namesIn(wanted, pool));
      return names.filter((name) => !own.has(name)).map((name) => ({ pool, name }));
    }),
    domains: readDomains.flatMap((read) => read(lists.domains, saved) ?? []),
  };
}

function namesIn({ volumes }: Wanted, pool: string): readonly string[] {
  return volumes.filter((volume) => volume.pool === pool).map(({ name }) => name);
}

function everyList(): Question<readonly [readonly [Listed, ManagedSaves], readonly [Listed, Listed]]> {
  return both(both(listing('domain'), managedSaves()), both(listing('network'), listing('pool')));
}

function managedSaves(): Question<ManagedSaves> {
  return question(['list --all --with-managed-save --uuid'], ([answer]) => {
    const uuids = answer === undefined || answer.complaint !== null ? null : uuidsIn(answer.stdout);
    if (uuids !== null) return new Set(uuids);
    const reason = answer?.complaint ?? 'it printed something else than a list';
    throw new ConnectionError(
      `libvirt does not say which VMs have their memory saved: ${reason}`,
      'Run it by hand: virsh list --all --managed-save',
    );
  });
}

/** Nothing of the spec is in it, so whether it answers does not matter. */
function ifThere(listed: Listed): Listing {
  const none = new Set<string>();
  return 'refused' in listed ? { names: new Map(), uuids: [], active: none, autostart: none, transient: none } : listed;
}
