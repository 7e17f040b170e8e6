import { agentChannel } from '../../guest/agent.ts';
import { type GuestAddress, GuestError } from '../../guest/channel.ts';
import { type GuestVm, refuseAtRest } from '../../guest/choose.ts';
import { type HostSource, isReachable, libvirtAddresses } from '../../guest/vm-addresses.ts';
import { safeJson } from '../../report/json.ts';
import { oneLine } from '../../report/sanitize.ts';
import { UsageError } from '../../usage-error.ts';
import type { Io } from '../io.ts';
import { OWN_CODES, tellingFailure } from './guest-failure.ts';
import { askedGuest } from './guest-place.ts';
import type { ConnectionOptions } from './vm-options.ts';

/** What `--format` of addresses can say. */
export const IP_FORMATS = ['terminal', 'plain', 'json'] as const;

export interface IpOptions extends ConnectionOptions {
  readonly format?: (typeof IP_FORMATS)[number];
}

interface Row {
  readonly address: string;
  readonly prefix: number;
  readonly interface: string;
  readonly mac: string | null;
  readonly source: 'agent' | HostSource;
}

const ASK_MS = 10_000;

/** `passcheck vm ip` */
export async function ip(name: string, options: IpOptions, io: Io): Promise<void> {
  await tellingFailure(io, 'vm ip', OWN_CODES, async () => {
    const { place } = await askedGuest(name, options);
    if (!('vm' in place)) throw new UsageError(`${name} is an address already`);
    const { vm } = place;
    refuseAtRest(vm);
    const { rows, silence } = await addressesOf(vm);
    if (options.format === 'json') io.print(`${safeJson({ schema: 1, vm: vm.name, uuid: vm.uuid, addresses: rows })}\n`);
    else io.print(options.format === 'plain' ? plain(rows) : table(rows));
    if (rows.length > 0) return;
    io.exitCode = 1;
    io.note(`${vm.name}: no address is known yet${silence === null ? '' : `; ${silence.message}`}`);
  });
}

/** First what the guest says, then what libvirt knows without it. Loopback is left out. */
async function addressesOf(vm: GuestVm): Promise<{ readonly rows: readonly Row[]; readonly silence: GuestError | null }> {
  const rows: Row[] = [];
  let silence: GuestError | null = null;
  try {
    if (vm.hasAgentChannel) rows.push(...rowsOf(await agentChannel(vm).addresses(ASK_MS), 'agent'));
  } catch (error) {
    if (!(error instanceof GuestError)) throw error;
    silence = error;
  }
  for (const source of ['lease', 'arp'] as const) rows.push(...rowsOf(await libvirtAddresses(vm.connection, vm.uuid, source), source));
  return { rows: rows.filter(({ address }) => !/^127\.|^::1$/.test(address)), silence };
}

function rowsOf(found: readonly GuestAddress[], source: Row['source']): Row[] {
  return found.flatMap(({ interface: name, mac, addresses }) =>
    addresses.map((text) => {
      const [address = '', prefix] = text.split('/');
      return { address, prefix: Number(prefix), interface: name, mac, source };
    }),
  );
}

/** For programs, which need an address that they can use. */
function plain(rows: readonly Row[]): string {
  return [...new Set(rows.filter(({ address }) => isReachable(address)).map(({ address }) => `${address}\n`))].join('');
}

const SOURCES: Readonly<Record<Row['source'], string>> = {
  agent: 'guest agent',
  lease: 'DHCP lease',
  arp: 'neighbour table',
};

function table(rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const lines = [
    ['ADDRESS', 'INTERFACE', 'MAC', 'FROM'],
    ...rows.map(({ address, prefix, interface: name, mac, source }) => [
      `${address}/${prefix}`,
      oneLine(name),
      mac ?? '-',
      SOURCES[source],
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
