/** An IPv4 subnet, and the address that its host has in it. Addresses are numbers of 32 bits, never negative. */
export interface Subnet {
  /** The address of the host. */
  readonly host: number;
  /** Bits of the network: 24. */
  readonly prefix: number;
  /** First and last address, both inclusive: that of the network itself, and that for broadcasts. */
  readonly first: number;
  readonly last: number;
  /** `255.255.255.0` */
  readonly netmask: string;
}

const ALL = 2 ** 32;

/** The address `192.168.56.10` as a number; null for anything else, also for one with zeros in front, which some read as octal. */
export function readAddress(text: string): number | null {
  if (!/^(?:(?:0|[1-9]\d{0,2})(?:\.(?!$)|$)){4}$/.test(text)) return null;
  const parts = text.split('.').map(Number);
  return parts.every((part) => part < 256) ? parts.reduce((sum, part) => sum * 256 + part, 0) : null;
}

/** The same for an address that was checked before. Throws a `RangeError` for anything else. */
export function addressNumber(text: string): number {
  const address = readAddress(text);
  if (address === null) throw new RangeError(`no IPv4 address: ${text.slice(0, 40)}`);
  return address;
}

/** `192.168.56.10` */
export function addressText(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
}

/** The subnet of `192.168.56.1/24`; null for anything else. */
export function readSubnet(text: string): Subnet | null {
  const [, address = '', bits = ''] = /^([\d.]{7,15})\/(0|[1-9]\d?)$/.exec(text) ?? [];
  const host = readAddress(address);
  const prefix = Number(bits);
  if (host === null || prefix > 32) return null;
  const size = 2 ** (32 - prefix);
  const first = Math.floor(host / size) * size;
  return { host, prefix, first, last: first + size - 1, netmask: addressText(ALL - size) };
}

/** The same for what was checked before. Throws a `RangeError` for anything else. */
export function parseSubnet(text: string): Subnet {
  const subnet = readSubnet(text);
  if (subnet === null) throw new RangeError(`no address with a prefix: ${text.slice(0, 40)}`);
  return subnet;
}
