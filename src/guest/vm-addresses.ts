import { isIPv4 } from 'node:net';

import { type Connection } from '../libvirt/connection.ts';
import type { GuestAddress } from './channel.ts';

/** Where libvirt learns addresses from without asking the guest. */
export type HostSource = 'lease' | 'arp';

const ASK_MS = 60_000;

/**
 * What the DHCP server of libvirt's networks gave a VM, or the neighbour table of the host has of it. None where libvirt cannot say (the VM
 * is off, the network is not libvirt's). Throws a `ConnectionError`.
 */
export async function libvirtAddresses(connection: Connection, uuid: string, source: HostSource): Promise<readonly GuestAddress[]> {
  const { exitCode, stdout } = await connection.run(['domifaddr', uuid, '--source', source], { timeoutMs: ASK_MS });
  return exitCode === 0 ? parseAddresses(stdout) : [];
}

/** The table of `virsh domifaddr`: ` vnet0      52:54:00:12:34:56    ipv4         192.168.56.101/24`. */
export function parseAddresses(table: string): readonly GuestAddress[] {
  return [...table.matchAll(/^ *(\S+) +([0-9a-f]{2}(?::[0-9a-f]{2}){5}) +ipv[46] +([0-9a-f.:]{2,45}\/\d{1,3})$/gm)].map(
    ([, name = '', mac = '', address = '']) => ({ interface: name, mac, addresses: [address] }),
  );
}

/** Neither of the guest itself nor of one link only. */
export function isReachable(address: string): boolean {
  return !/^(127\.|169\.254\.|::1$|fe[89ab])/i.test(address);
}

/** The address at which a host most likely reaches the guest, without the length of its prefix; undefined when there is none. */
export function reachableAddress(found: readonly GuestAddress[]): string | undefined {
  const all = found.flatMap(({ addresses }) => addresses).map((address) => address.split('/')[0] ?? '');
  const outside = all.filter(isReachable);
  return outside.find((address) => isIPv4(address)) ?? outside[0];
}
