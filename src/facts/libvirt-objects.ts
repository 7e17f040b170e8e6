import type { Reading } from '../host/reading.ts';
import { ABSENT, ok, unreadable } from '../host/reading.ts';
import type { CommandResult, HostSource } from '../host/source.ts';
import {
  type ConnectionUri,
  type DomainText,
  domainsArgv,
  listArgv,
  listCommand,
  type Listing,
  networksArgv,
  parseDomains,
  parseListing,
  parseNetworks,
  virshComplaint,
} from '../libvirt/virsh.ts';
import { caller } from './caller.ts';
import { defineFact } from './fact.ts';

/** A network as virsh prints it. */
export interface NetworkText {
  readonly xml: string;
  readonly isActive: boolean;
  /** It counts as active because libvirt starts it when it starts itself, as far as can be seen it has not yet. */
  readonly isYetToStart?: true;
}

/** What libvirt itself told, or why it did not. `source` is the command that a person can try. */
export type LibvirtObjects = { readonly source: string } & (
  | {
      readonly state: 'read';
      readonly domains: readonly DomainText[];
      /** Absent: this libvirt has no network driver that answers. */
      readonly networks: Reading<readonly NetworkText[]>;
    }
  | { readonly state: 'no-virsh' }
  /** virsh ran and could not connect. */
  | { readonly state: 'unreachable'; readonly reason: string }
  | { readonly state: 'could-not-look'; readonly reason: string; readonly hint: string }
);

/** libvirtd can be starting, and then probes QEMU for seconds. */
const TIMEOUT = { timeoutMs: 20_000 };

interface Connection {
  readonly host: HostSource;
  readonly uri: ConnectionUri;
  readonly isRoot: boolean;
}

/** Everything that passcheck asks libvirt, in two `virsh` processes (a third for networks, beside the second). */
export const libvirtObjects = defineFact({
  id: 'libvirtObjects',
  wants: { caller },
  async collect(host, facts, { config }): Promise<LibvirtObjects> {
    const isRoot = facts.caller.ok && facts.caller.value.isRoot;
    const connection = { host, uri: config.connection, isRoot };
    const argv = listArgv(connection.uri, isRoot);
    const source = listCommand(connection.uri, isRoot);
    if (connection.uri === 'qemu:///session' && facts.caller.ok && facts.caller.value.sudoUser !== null) {
      const hint = 'run passcheck without sudo: a session belongs to the user who opens it';
      return { source, state: 'could-not-look', reason: "sudo shows root's session, not that of the user", hint };
    }
    const result = await host.run(argv, TIMEOUT);
    if (result.state === 'absent') return { source, state: 'no-virsh' };
    if (result.state === 'unreadable') return couldNotLook(source, result);
    if (result.value.exitCode !== 0) return { source, state: 'unreachable', reason: virshComplaint(result.value.stderr) };
    const listing = parseListing(result.value.stdout, result.value.stderr);
    if (listing === null) return { source, state: 'could-not-look', reason: 'it printed something else than lists', hint: TRY };
    return readAll(connection, source, listing);
  },
});

const TRY = 'run the command by hand and look at what it prints';

async function readAll(connection: Connection, source: string, listing: Listing): Promise<LibvirtObjects> {
  const [domains, networks] = await Promise.all([readDomains(connection, listing.domains), readNetworks(connection, listing.networks)]);
  return domains.state === 'read' ? { source, state: 'read', domains: domains.domains, networks } : domains;
}

type DomainsAnswer = Extract<LibvirtObjects, { state: 'could-not-look' }> | { state: 'read'; domains: readonly DomainText[] };

async function readDomains({ host, uri, isRoot }: Connection, listed: readonly string[]): Promise<DomainsAnswer> {
  const domains: DomainText[] = [];
  const answers = domainsArgv(uri, isRoot, listed).map(async (argv) => ({ argv, result: await host.run(argv, TIMEOUT) }));
  for (const { argv, result } of await Promise.all(answers)) {
    const source = `virsh ${isRoot ? '' : '-r '}-c ${uri} dumpxml …`;
    if (result.state !== 'ok') return couldNotLook(source, result);
    const asked = listed.filter((uuid) => argv.at(-1)?.includes(`=${uuid}=`));
    const found = parseDomains(result.value.stdout, asked);
    if (found === null) return { source, state: 'could-not-look', reason: 'it printed something else than definitions', hint: TRY };
    if (found.length < asked.length - vanished(result.value)) {
      return { source, state: 'could-not-look', reason: virshComplaint(result.value.stderr), hint: TRY };
    }
    domains.push(...found);
  }
  return { state: 'read', domains };
}

/** Domains can go away between the list and the reading: virsh says so twice for each, for the state and the definition. */
function vanished({ stderr }: CommandResult): number {
  return Math.ceil((stderr.match(/^error: Domain not found/gm)?.length ?? 0) / 2);
}

async function readNetworks({ host, uri, isRoot }: Connection, listed: Listing['networks']): Promise<Reading<readonly NetworkText[]>> {
  if (listed === null) return ABSENT;
  if (listed.all.length === 0) return ok([]);
  const result = await host.run(networksArgv(uri, isRoot, listed.all), TIMEOUT);
  if (result.state === 'absent') return unreadable('failed', 'virsh went away');
  if (result.state === 'unreadable') return result;
  const found = parseNetworks(result.value.stdout, listed.all);
  if (found === null) return unreadable('failed', 'virsh printed something else than networks');
  return ok(found.map(({ uuid, xml }) => ({ xml, isActive: listed.active.includes(uuid) })));
}

function couldNotLook(
  source: string,
  reading: Exclude<Reading<unknown>, { state: 'ok' }>,
): Extract<LibvirtObjects, { state: 'could-not-look' }> {
  if (reading.state === 'absent') return { source, state: 'could-not-look', reason: 'virsh went away', hint: TRY };
  const hint = reading.reason === 'not-recorded' ? 'the snapshot does not hold it: record a new one with `passcheck snapshot`' : TRY;
  return { source, state: 'could-not-look', reason: reading.detail, hint };
}
