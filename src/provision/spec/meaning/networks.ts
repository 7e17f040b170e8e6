import type { MeaningProblem } from '../../../config/yaml-text.ts';
import type { NetworkSpec, Spec } from '../model.ts';
import { addressNumber, addressText, parseSubnet, type Subnet } from '../subnet.ts';
import { repeated, wrongAt } from './place.ts';

/** What is wrong with the addresses and bridges of the networks. */
export function wrongNetworks({ networks }: Spec): MeaningProblem[] {
  const all = Object.entries(networks).map(([name, network], order) => ({ name, network, order, subnet: parseSubnet(network.address) }));
  return [
    ...all.flatMap(({ name, network, subnet }) => [...wrongHost(name, subnet), ...wrongRange(name, network, subnet)]),
    ...repeated(all, ({ network }) => network.bridge ?? null).map(({ thing, first }) =>
      wrongAt(['networks', thing.name, 'bridge'], `${thing.network.bridge} is the bridge of network ${first.name}`),
    ),
    ...overlapping(all),
  ];
}

/** `192.168.56.0/24` */
export function subnetText({ first, prefix }: Subnet): string {
  return `${addressText(first)}/${prefix}`;
}

function wrongHost(name: string, subnet: Subnet): MeaningProblem[] {
  const path = ['networks', name, 'address'];
  const { host, first, last } = subnet;
  const kind = specialUse(first);
  if (kind !== null) return [wrongAt(path, `${subnetText(subnet)} is for ${kind}: take one like 192.168.56.1/24`)];
  if (host !== first && host !== last) return [];
  const what = host === first ? 'of the subnet itself' : 'for broadcasts';
  return [
    wrongAt(
      path,
      `${addressText(host)} is the address ${what}: give the host one from ${addressText(first + 1)} to ${addressText(last - 1)}`,
    ),
  ];
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry */
function specialUse(address: number): string | null {
  const octet = Math.floor(address / 2 ** 24);
  if (octet === 0) return 'no network';
  if (octet === 127) return 'a machine itself';
  return octet >= 224 ? 'multicast' : null;
}

/** A range of libvirt does not go further. virSocketAddrGetRange: https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/util/virsocketaddr.c */
const BLOCK = 2 ** 16;

function wrongRange(name: string, { dhcp }: NetworkSpec, subnet: Subnet): MeaningProblem[] {
  if (dhcp === undefined) return [];
  const path = ['networks', name, 'dhcp'];
  const [start, end] = [addressNumber(dhcp.start), addressNumber(dhcp.end)];
  const outside = (['start', 'end'] as const).filter((key) => isOutside(addressNumber(dhcp[key]), subnet));
  if (outside.length > 0)
    return outside.map((key) => wrongAt([...path, key], `${dhcp[key]} is no address for a guest in ${subnetText(subnet)}`));
  if (end < start) return [wrongAt([...path, 'end'], `${dhcp.end} comes before ${dhcp.start}`)];
  if (Math.floor(end / BLOCK) !== Math.floor(start / BLOCK))
    return [wrongAt([...path, 'end'], `${dhcp.end} is too far from ${dhcp.start}: the first two numbers have to be the same`)];
  if (subnet.host < start || subnet.host > end) return [];
  return [wrongAt([...path, 'start'], `${dhcp.start} to ${dhcp.end} holds ${addressText(subnet.host)}, the address of the host`)];
}

/** Not in the subnet, or the address of the subnet itself or for broadcasts. */
export function isOutside(address: number, { first, last }: Subnet): boolean {
  return address <= first || address >= last;
}

interface Placed {
  readonly name: string;
  readonly subnet: Subnet;
  /** In the spec. */
  readonly order: number;
}

/** Each with one that it overlaps; the one that comes later in the spec is to blame. */
function overlapping(all: readonly Placed[]): MeaningProblem[] {
  const problems: MeaningProblem[] = [];
  let furthest: Placed | undefined;
  for (const placed of all.toSorted((a, b) => a.subnet.first - b.subnet.first || a.order - b.order)) {
    if (furthest !== undefined && placed.subnet.first <= furthest.subnet.last) {
      const [later, earlier] = placed.order > furthest.order ? [placed, furthest] : [furthest, placed];
      const message = `${subnetText(later.subnet)} overlaps ${subnetText(earlier.subnet)} of network ${earlier.name}`;
      problems.push(wrongAt(['networks', later.name, 'address'], message));
    }
    if (furthest === undefined || placed.subnet.last > furthest.subnet.last) furthest = placed;
  }
  return problems;
}
