import { resolve } from 'node:path';

import { all, attribute, first } from '../../domain/xml.ts';
import { type GuestPlace, type GuestVm, type GuestWish, parseGuest } from '../../guest/choose.ts';
import { connect } from '../../libvirt/connect.ts';
import type { Connection } from '../../libvirt/connection.ts';
import type { ConnectionUri } from '../../libvirt/virsh.ts';
import { makeFolder, stateFolder } from '../../provision/state/folder.ts';
import { thisCaller } from '../../provision/state/read-owned.ts';
import { UsageError } from '../../usage-error.ts';
import { findVm, readVms, type Vm } from '../../vm/read-vms.ts';
import { askedVm } from './asked-vm.ts';
import type { GuestOptions } from './guest-options.ts';

/** A guest that somebody named, and how they want to get in. */
export interface AskedGuest {
  readonly place: GuestPlace;
  readonly wish: GuestWish;
}

/** Looks a guest up: a VM of libvirt by name or UUID, an IP address, with `--via ssh` any host. `USER@` may stand before it. */
export async function askedGuest(text: string, options: GuestOptions): Promise<AskedGuest> {
  const typed = parseGuest(text);
  if (typed === null) throw new UsageError(`${text} names no guest: want a VM, an address, or USER@ before one of them`);
  const uri = await connectionUri(options);
  const user = options.user ?? typed.user;
  const wish: GuestWish = {
    via: options.via,
    user,
    key: options.key === undefined ? null : resolve(options.key),
    port: options.port ?? null,
    knownHosts: () => knownHosts(uri),
  };
  if (typed.isAddress) return { place: { address: typed.host }, wish };
  const connection = connect(uri);
  const vm = typed.user === null ? null : findVm(await readVms(connection), text);
  // A name of libvirt may have an @ in it.
  if (vm !== null) return { place: { vm: guestVm(connection, vm) }, wish: { ...wish, user: options.user ?? null } };
  return { place: await placeOf(connection, typed.host, options), wish };
}

async function placeOf(connection: Connection, host: string, { via }: GuestOptions): Promise<GuestPlace> {
  if (via !== 'ssh') return { vm: guestVm(connection, (await askedVm(connection, host)).vm) };
  const vm = findVm(await readVms(connection), host);
  return vm === null ? { address: host } : { vm: guestVm(connection, vm) };
}

function guestVm(connection: Connection, { uuid, name, state, root }: Vm): GuestVm {
  const channels = all(first(root, 'devices') ?? root, 'channel');
  return {
    connection,
    uuid,
    name,
    state,
    hasAgentChannel: channels.some((channel) => attribute(first(channel, 'target'), 'name') === 'org.qemu.guest_agent.0'),
  };
}

async function connectionUri({ connection }: GuestOptions): Promise<ConnectionUri> {
  if (connection !== undefined) return connection;
  const { userConfig } = await import('../config.ts');
  return (await userConfig({ path: undefined, isRecorded: false, recordedConfig: null })).connection;
}

function knownHosts(uri: ConnectionUri): string {
  const caller = thisCaller();
  const folder = stateFolder(uri, caller);
  makeFolder(folder, caller.uid);
  return `${folder}/known_hosts`;
}
