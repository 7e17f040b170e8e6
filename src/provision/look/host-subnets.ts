import { readText } from '../../facts/read.ts';
import { mapReading, type Reading } from '../../host/reading.ts';
import type { HostSource } from '../../host/source.ts';
import type { HostSubnet } from '../host-look.ts';

/** The subnets that interfaces of this host are in, from the kernel's own table: libvirt looks there, too. */
export function hostSubnets(host: HostSource): Reading<readonly HostSubnet[]> {
  return mapReading(readText(host, '/proc/net/route'), parseRoutes);
}

/** RTF_UP and RTF_GATEWAY. include/uapi/linux/route.h */
const UP = 0x1;
const GATEWAY = 0x2;

/**
 * /proc/net/route: a head, then `eth0 000200C0 00000000 0001 0 0 0 00FFFFFF …`, addresses with the bytes of the machine (little endian
 * where QEMU runs x86 guests). A route through a gateway is none of the host's own subnets. proc_net(5)
 */
export function parseRoutes(text: string): readonly HostSubnet[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', destination = '', , flags = '', , , , mask = ''] = line.trim().split(/\s+/);
    const [first, bits] = [address(destination), address(mask)];
    if (first === null || bits === null || bits === 0 || !/^[0-9A-Fa-f]{1,4}$/.test(flags)) return [];
    const flag = Number.parseInt(flags, 16);
    return (flag & UP) === 0 || (flag & GATEWAY) !== 0 ? [] : [{ interface: name, first, last: first + (ALL_ONES - bits) }];
  });
}

const ALL_ONES = 0xffff_ffff;

function address(hex: string): number | null {
  if (!/^[0-9A-Fa-f]{8}$/.test(hex)) return null;
  const bytes = [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}
