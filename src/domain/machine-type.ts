import { attribute, first, type XmlElement } from './xml.ts';

/** The board that a machine type stands for. */
export type Chipset = 'q35' | 'i440fx' | 'other';

/** The machine of a definition. */
export interface MachineType {
  /** As written: `pc-q35-9.0`; null when libvirt is to choose, which on x86 is `pc`. */
  readonly name: string | null;
  readonly chipset: Chipset;
  /** `[4, 0, 1]` of `pc-q35-4.0.1`; null for an alias and for the versions of a distribution (`pc-q35-rhel9.6.0`). */
  readonly version: readonly [number, number, number] | null;
  /** The `<type>` element. */
  readonly element: XmlElement | undefined;
}

/** The machine type of a `<domain>`. */
export function machineType(domain: XmlElement): MachineType {
  const element = first(domain, 'os', 'type');
  const name = attribute(element, 'machine');
  return { name, chipset: chipsetOf(name ?? 'pc'), version: versionOf(name ?? ''), element };
}

/**
 * By QEMU's names and those of distributions: `pc-q35-rhel9.6.0`, `pc-q35-jammy`, Ubuntu's aliases `ubuntu` and `ubuntu-q35`,
 * `pc-1.3` of old. `pc`, the default, is i440FX.
 */
export function chipsetOf(name: string): Chipset {
  if (/^(?:pc-q35|q35|ubuntu-q35)(?:-|$)/.test(name)) return 'q35';
  return /^(?:pc|ubuntu|pc-i440fx(?:-.*)?|pc-[01]\.\d+|rhel\d.*)$/.test(name) ? 'i440fx' : 'other';
}

/** Proxmox VE adds its own revision: `pc-q35-9.0+pve0`. */
function versionOf(name: string): MachineType['version'] {
  const match = /^pc-(?:q35|i440fx)-(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?:\+pve\d{1,3})?$/.exec(name);
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}
