import type { MemoryHost } from '../../src/host/memory.ts';
import { displayParts, type Screen } from './displays.ts';
import { libvirtParts } from './libvirt.ts';
import { type PciFunction, pciParts } from './pci.ts';
import { type Kernel, systemParts } from './system.ts';

// Machines of test/real-world-hosts.test.ts: synthetic, modelled on public reports; ids and drivers as lspci -nnk shows them.

/** A whole machine, described the way its owner would. */
export interface Machine {
  readonly kernel: Kernel;
  readonly cpu: 'intel' | 'amd';
  /** The firmware's table is there, the driver runs, and interrupts are remapped, unless told. */
  readonly iommu?: 'on' | 'off' | 'no-table' | 'no-remapping';
  readonly pci: readonly PciFunction[];
  readonly screens?: readonly Screen[];
  /** Definitions by name; null: virsh is not installed. */
  readonly domains?: Readonly<Record<string, string>> | null;
  /** It is itself a virtual machine, without nested virtualisation. */
  readonly isVirtual?: boolean;
  /** Who runs passcheck; root unless told. */
  readonly user?: 'root' | 'ordinary';
  /** What the distribution and the owner wrote: laid over everything. */
  readonly own?: MemoryHost;
}

/** The in-memory host: kernel, devices, displays and libvirt as such a machine shows them. */
export function machine(given: Machine): MemoryHost {
  const isRoot = given.user !== 'ordinary';
  const parts: MemoryHost[] = [
    systemParts(given, isRoot),
    pciParts(given, isRoot),
    displayParts(given.pci, given.screens ?? []),
    libvirtParts(given.domains === undefined ? {} : given.domains, isRoot),
    given.own ?? {},
  ];
  return {
    files: Object.assign({}, ...parts.map(({ files }) => files)),
    links: Object.assign({}, ...parts.map(({ links }) => links)),
    stats: Object.assign({}, ...parts.map(({ stats }) => stats)),
    commands: Object.assign({}, ...parts.map(({ commands }) => commands)),
    unreadable: Object.assign({}, ...parts.map(({ unreadable }) => unreadable)),
    environment: Object.assign({}, ...parts.map(({ environment }) => environment)),
    folders: parts.flatMap(({ folders }) => folders ?? []),
    writable: parts.flatMap(({ writable }) => writable ?? []),
  };
}
