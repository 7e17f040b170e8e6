import type { Connection } from '../../libvirt/connection.ts';
import type { LiveDomain, LiveNetwork, LivePool, LiveVolume } from '../world.ts';
import { ask, both, each } from './batch.ts';
import type { FirstLook } from './first-look.ts';
import type { Listing } from './listing.ts';
import { liveDomain } from './live-domain.ts';
import { liveNetwork } from './live-network.ts';
import { livePool } from './live-pool.ts';
import { listedVolume } from './pool-content.ts';

/** What is beside a spec: objects of others, by UUID, and what else lies in the pools of the spec. */
export interface Foreign {
  readonly networks: readonly LiveNetwork[];
  readonly pools: readonly LivePool[];
  readonly volumes: readonly LiveVolume[];
  readonly domains: readonly LiveDomain[];
}

/** Which of them matter; domains always do, for what they have of the host. */
export interface ForeignNeeds {
  readonly networks: boolean;
  readonly pools: boolean;
}

/** One more process, and none where there is nothing beside the spec. Whatever is listed and does not answer is a `ConnectionError`. */
export async function readForeign(connection: Connection, look: FirstLook, needs: ForeignNeeds): Promise<Foreign> {
  const { lists, saved, otherVolumes } = look;
  const domainUuids = unread(lists.domains, look.domains);
  // A disk can be named by pool and volume, and only the pool knows its folder.
  const poolUuids = needs.pools || domainUuids.length > 0 ? unread(lists.pools, look.pools) : [];
  const networkUuids = needs.networks ? unread(lists.networks, look.networks) : [];
  const asked = both(
    both(each(networkUuids.map((uuid) => liveNetwork({ uuid }))), each(poolUuids.map((uuid) => livePool({ uuid })))),
    both(each(otherVolumes.map(({ pool, name }) => listedVolume(pool, name))), each(domainUuids.map((uuid) => liveDomain({ uuid })))),
  );
  const [[networks, pools], [volumes, domains]] = await ask(connection, asked);
  return {
    networks: networks.flatMap((read) => read(lists.networks) ?? []),
    pools: pools.flatMap((read) => read(lists.pools) ?? []),
    volumes,
    domains: domains.flatMap((read) => read(lists.domains, saved) ?? []),
  };
}

function unread({ uuids }: Listing, read: readonly { readonly uuid: string }[]): readonly string[] {
  const known = new Set(read.map(({ uuid }) => uuid));
  return uuids.filter((uuid) => !known.has(uuid));
}
