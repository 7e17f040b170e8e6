import type { MeaningProblem } from '../../../config/yaml-text.ts';
import type { NetworkSpec, Spec } from '../model.ts';
import { addressNumber, addressText, parseSubnet, type Subnet } from '../subnet.ts';
import { isOutside, subnetText } from './networks.ts';
import { nicsOf, type PlacedNic, repeated, unknownName, wrongAt } from './place.ts';

/** What is wrong with the network interfaces of the VMs: what they are connected to, their MAC addresses, the addresses of the guests. */
export function wrongNics(spec: Spec): MeaningProblem[] {
  const nics = nicsOf(spec);
  const networks = new Map(Object.entries(spec.networks).map(([name, network]) => [name, withSubnet(name, network)]));
  return [
    ...nics.flatMap((placed) => [...wrongConnection(placed, networks), ...wrongMac(placed), ...wrongAddress(placed, networks)]),
    ...repeated(nics, ({ nic }) => nic.mac ?? null).map(({ thing, first }) =>
      wrongAt([...thing.path, 'mac'], `${thing.nic.mac} is the MAC address of ${nicWords(first, thing)}`),
    ),
    ...repeated(nics, addressKey).map(({ thing, first }) =>
      wrongAt([...thing.path, 'address'], `${thing.nic.address} is the address of ${nicWords(first, thing)}`),
    ),
  ];
}

interface KnownNetwork {
  readonly name: string;
  readonly subnet: Subnet;
  readonly dhcp: NetworkSpec['dhcp'];
}

function withSubnet(name: string, { address, dhcp }: NetworkSpec): KnownNetwork {
  return { name, subnet: parseSubnet(address), dhcp };
}

function wrongConnection({ nic, path }: PlacedNic, networks: ReadonlyMap<string, KnownNetwork>): MeaningProblem[] {
  const { network, bridge } = nic;
  if (network === undefined && bridge === undefined)
    return [wrongAt(path, 'is connected to nothing: give it a network, or a bridge of the host')];
  if (network !== undefined && bridge !== undefined)
    return [wrongAt([...path, 'bridge'], 'has a network and a bridge: it is connected to one of them')];
  if (network === undefined || networks.has(network)) return [];
  const otherwise = 'declare it under networks, also one that libvirt has already';
  return [wrongAt([...path, 'network'], unknownName('network', network, networks.keys(), otherwise))];
}

/** QEMU takes it for none, and gives the device one of its own. */
function wrongMac({ nic: { mac }, path }: PlacedNic): MeaningProblem[] {
  return mac === '00:00:00:00:00:00' ? [wrongAt([...path, 'mac'], `${mac} is the address of no device`)] : [];
}

function wrongAddress({ nic, path }: PlacedNic, networks: ReadonlyMap<string, KnownNetwork>): MeaningProblem[] {
  const network = nic.network === undefined ? undefined : networks.get(nic.network);
  if (nic.address === undefined || network === undefined) return [];
  const complaint = addressComplaint(nic.address, network);
  return complaint === null ? [] : [wrongAt([...path, 'address'], complaint)];
}

function addressComplaint(given: string, { name, subnet, dhcp }: KnownNetwork): string | null {
  const address = addressNumber(given);
  if (isOutside(address, subnet)) return `${given} is no address for a guest in ${subnetText(subnet)}, network ${name}`;
  if (address === subnet.host) return `${addressText(address)} is the address of the host in network ${name}`;
  if (dhcp === undefined || address < addressNumber(dhcp.start) || address > addressNumber(dhcp.end)) return null;
  return `${given} is one that DHCP gives to others in network ${name}: take one outside of ${dhcp.start} to ${dhcp.end}`;
}

/** Guests that cannot reach each other may have the same address. */
function addressKey({ nic: { address, network, bridge } }: PlacedNic): string | null {
  return address === undefined ? null : `${network ?? ''} ${bridge ?? ''} ${address}`;
}

function nicWords({ vm, path }: PlacedNic, other: PlacedNic): string {
  return `${vm === other.vm ? 'its' : `${vm}'s`} NIC ${Number(path.at(-1)) + 1}`;
}
