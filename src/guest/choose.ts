import { isIP } from 'node:net';

import type { Connection } from '../libvirt/connection.ts';
import { agentChannel } from './agent.ts';
import { type GuestChannel, GuestError } from './channel.ts';
import { sshChannel } from './ssh.ts';
import type { GuestVia } from './via.ts';
import { libvirtAddresses, reachableAddress } from './vm-addresses.ts';

/** A VM of libvirt that is to be used. */
export interface GuestVm {
  readonly connection: Connection;
  readonly uuid: string;
  readonly name: string;
  /** In virsh's words: `running`, `paused`, `shut off` … */
  readonly state: string;
  /** Its definition has a channel for a guest agent. */
  readonly hasAgentChannel: boolean;
}

/** What is to be used: a VM of libvirt, or whatever is at an address. */
export type GuestPlace = { readonly vm: GuestVm } | { readonly address: string };

/** How the user wants to get in. */
export interface GuestWish {
  readonly via: GuestVia | undefined;
  readonly user: string | null;
  readonly key: string | null;
  readonly port: number | null;
  /** passcheck's own list of host keys. */
  readonly knownHosts: () => string;
}

/** A guest that can be used. */
export interface OpenGuest {
  /** As people call it. */
  readonly name: string;
  readonly channel: GuestChannel;
}

/** A kind of channel, in the order in which they are tried. */
interface Way {
  readonly via: GuestVia;
  /** Milliseconds in which it has to answer before the next is tried. */
  readonly answerMs: number;
  /** Throws a {@link GuestError} that says why it does not lead there. */
  open(place: GuestPlace, wish: GuestWish): Promise<GuestChannel>;
}

const WAYS: readonly Way[] = [
  // Libvirt itself answers at once when no agent runs.
  { via: 'agent', answerMs: 10_000, open: openAgent },
  { via: 'ssh', answerMs: 30_000, open: openSsh },
];

/**
 * The channel that is asked for; else the first that answers. Whoever names a user, a key or a port means SSH. Throws a {@link GuestError}
 * that says why no channel leads there.
 */
export async function openGuest(place: GuestPlace, wish: GuestWish): Promise<OpenGuest> {
  const name = 'vm' in place ? place.vm.name : place.address;
  if ('vm' in place) refuseAtRest(place.vm);
  const via = wish.via ?? (wish.user !== null || wish.key !== null || wish.port !== null || 'address' in place ? 'ssh' : undefined);
  const ways = WAYS.filter((way) => via === undefined || way.via === via);
  const failures: GuestError[] = [];
  for (const way of ways) {
    try {
      const channel = await way.open(place, wish);
      if (ways.length > 1) await channel.ping(way.answerMs);
      return { name, channel };
    } catch (error) {
      if (!(error instanceof GuestError)) throw error;
      failures.push(error);
    }
  }
  throw together(failures);
}

/** Throws a {@link GuestError} of the kind `refused` for a VM whose processors do not run: it will not answer by itself. */
export function refuseAtRest({ name, state }: GuestVm): void {
  if (state === 'paused' || state === 'pmsuspended')
    throw new GuestError('refused', `${name} is paused`, `Let it go on: virsh ${state === 'paused' ? 'resume' : 'dompmwakeup'} ${name}`);
  if (state === 'shut off' || state === 'crashed')
    throw new GuestError('refused', `${name} is not running`, `Start it: passcheck vm start ${name}`);
}

/** The first is the one that was expected to work; what stopped the others is told with it. */
function together([first, ...others]: readonly GuestError[]): GuestError {
  if (first === undefined) return new GuestError('unreachable', 'there is no channel of that kind');
  if (others.length === 0) return first;
  return new GuestError(first.reason, [first, ...others].map(({ message }) => message).join('; '), first.hint, { cause: first });
}

async function openAgent(place: GuestPlace): Promise<GuestChannel> {
  if (!('vm' in place))
    throw new GuestError('refused', `${place.address} is an address, and a guest agent is reached by the name of its VM`);
  const { name, hasAgentChannel } = place.vm;
  if (hasAgentChannel) return agentChannel(place.vm);
  throw new GuestError(
    'unreachable',
    `${name} has no channel for a guest agent`,
    `Add <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel> to its devices: virsh edit ${name}`,
  );
}

async function openSsh(place: GuestPlace, { user, key, port, knownHosts }: GuestWish): Promise<GuestChannel> {
  const common = { user, key, port, knownHosts: knownHosts() };
  if (!('vm' in place)) return sshChannel({ ...common, name: place.address, address: place.address, alias: null });
  const { connection, uuid, name } = place.vm;
  const address =
    reachableAddress(await libvirtAddresses(connection, uuid, 'lease')) ??
    reachableAddress(await libvirtAddresses(connection, uuid, 'arp'));
  if (address === undefined)
    throw new GuestError(
      'unreachable',
      `libvirt knows no address of ${name} for SSH`,
      'Wait until it has one, or give the address in place of the name: passcheck vm exec USER@ADDRESS -- COMMAND',
    );
  // An address goes from VM to VM; the key stays with its VM.
  return sshChannel({ ...common, name, address, alias: `passcheck-${uuid}` });
}

/** What a user typed: `lab1`, `root@lab1`, `192.168.56.101`, `root@fd00::1`, `[fd00::1]`. */
export interface TypedGuest {
  readonly user: string | null;
  readonly host: string;
  readonly isAddress: boolean;
}

/** Splits `user@host`; null when a part cannot be one. */
export function parseGuest(text: string): TypedGuest | null {
  const at = text.lastIndexOf('@');
  const user = at === -1 ? null : text.slice(0, at);
  const host = text.slice(at + 1).replace(/^\[(.*)\]$/, '$1');
  // ssh reads what begins with a dash as an option, and a shell may read the rest.
  if (user !== null && !/^[\w.][\w.\\@+-]{0,100}$/.test(user)) return null;
  if (host === '' || host.startsWith('-')) return null;
  return { user, host, isAddress: isIP(host) !== 0 };
}
