import type { Reading } from '../host/reading.ts';

/** What of the host decides whether a plan can work. Looked at once, before anything is planned. */
export interface HostLook {
  /** A hash of the machine-id; see `hostIdOf`. */
  readonly hostId: string;
  /** libvirt runs its VMs as this user can see files of; paths → what is there. */
  readonly files: ReadonlyMap<string, Reading<LookedFile>>;
  /** Free bytes of the file system that a path is, or will be, on. */
  readonly freeBytes: ReadonlyMap<string, Reading<number>>;
  /** Emulates a TPM for VMs; ok: its path. */
  readonly swtpm: Reading<string>;
  readonly dnsmasq: Reading<string>;
  /** Firmware for UEFI VMs as its descriptors say; `secureBoot`: with keys enrolled. */
  readonly firmware: Reading<{ readonly uefi: boolean; readonly secureBoot: boolean }>;
  /** Vendor:device of the PCI functions of this host by their address. */
  readonly pciIds: Reading<ReadonlyMap<string, string>>;
  /** IPv4 subnets of this host's own interfaces, as numbers, both ends inclusive; `interface` has the name. */
  readonly subnets: Reading<readonly HostSubnet[]>;
}

export interface LookedFile {
  /** `other`: a device, a link (but for images, which are found through links), … */
  readonly kind: 'file' | 'directory' | 'other';
  readonly bytes: number;
  /** Of an image: what its first sectors say. */
  readonly image: 'iso' | 'page' | 'other' | 'truncated' | null;
}

export interface HostSubnet {
  readonly interface: string;
  readonly first: number;
  readonly last: number;
}
