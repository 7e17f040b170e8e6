import type { LabSpec } from './lab.ts';

type Network = NonNullable<LabSpec['networks']>[string];
type Pool = NonNullable<LabSpec['pools']>[string];
type Volume = NonNullable<LabSpec['volumes']>[string];

/**
 * A field of a spec, on an object that differs from others of its kind in this field only. `.N.` is the number of the object among
 * its kind, which keeps subnets apart; `ONE` and `OTHER` are two PCI devices of this machine, `ONE_ID` says what the first is.
 */
export interface Field<Part> {
  /** As `specJsonSchema` has it, below the object: `disks.*.bus`. */
  readonly field: string;
  readonly from?: Partial<Part>;
  readonly to: Partial<Part>;
  /** What plan says, line by line: changes as `field: from → to`. */
  readonly says: readonly string[];
  /** When it is changed back. */
  readonly saysBack: readonly string[];
}

export const ISO = '/var/lib/libvirt/iso';
export const SHARED = '/var/lib/libvirt/images/shared';

const dhcp = (start: number, end: number): Partial<Network> => ({ dhcp: { start: `10.99.N.${start}`, end: `10.99.N.${end}` } });

export const NETWORK_FIELDS: readonly Field<Network>[] = [
  { field: 'forward', to: { forward: 'isolated' }, says: ['forward: nat → -'], saysBack: ['forward: - → nat'] },
  {
    field: 'bridge',
    to: { bridge: 'pcbr-other' },
    says: ['bridge: pcbr-1 → pcbr-other'],
    saysBack: ['bridge: pcbr-other → pcbr-1'],
  },
  {
    field: 'address',
    to: { address: '10.99.N.129/25' },
    says: ['address 10.99.2.1: address: 10.99.2.1 → 10.99.2.129', 'address 10.99.2.1: netmask: 255.255.255.0 → 255.255.255.128'],
    saysBack: ['address 10.99.2.129: address: 10.99.2.129 → 10.99.2.1', 'address 10.99.2.129: netmask: 255.255.255.128 → 255.255.255.0'],
  },
  { field: 'dhcp', to: dhcp(10, 20), says: ['DHCP: - → 10.99.3.10 to 10.99.3.20'], saysBack: ['DHCP: 10.99.3.10 to 10.99.3.20 → -'] },
  {
    field: 'dhcp.start',
    from: dhcp(10, 20),
    to: dhcp(11, 20),
    says: ['DHCP range: start: 10.99.4.10 → 10.99.4.11'],
    saysBack: ['DHCP range: start: 10.99.4.11 → 10.99.4.10'],
  },
  {
    field: 'dhcp.end',
    from: dhcp(10, 20),
    to: dhcp(10, 21),
    says: ['DHCP range: end: 10.99.5.20 → 10.99.5.21'],
    saysBack: ['DHCP range: end: 10.99.5.21 → 10.99.5.20'],
  },
  { field: 'domain', to: { domain: 'lab.internal' }, says: ['DNS domain: - → lab.internal'], saysBack: ['DNS domain: lab.internal → -'] },
  { field: 'autostart', to: { autostart: false }, says: ['start with the host no longer'], saysBack: ['start with the host'] },
];

export const POOL_FIELDS: readonly Field<Pool>[] = [
  { field: 'autostart', to: { autostart: false }, says: ['start with the host no longer'], saysBack: ['start with the host'] },
];

/** The first stays as it is when the others are changed back: no volume is made smaller. */
export const VOLUME_FIELDS: readonly Field<Volume>[] = [
  { field: 'size', to: { size: '96 MiB' }, says: ['size: 64 MiB → 96 MiB'], saysBack: [] },
  // Another file, so another volume; the one that was there stays.
  { field: 'pool', to: { pool: 'autostart' }, says: ['64 MiB, qcow2'], saysBack: [] },
  { field: 'file', to: { file: 'other.img' }, says: ['64 MiB, qcow2'], saysBack: [] },
  { field: 'format', to: { format: 'raw' }, says: ['64 MiB, raw'], saysBack: [] },
];
