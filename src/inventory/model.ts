/** Something that was not seen: which part of the inventory is missing, where it would be, why, and how to see it. */
export interface HiddenPart {
  readonly part: string;
  readonly source: string;
  readonly reason: string;
  readonly hint: string | null;
}

export interface InventoryCpu {
  readonly model: string | null;
  readonly vendor: string;
  readonly microcode: string | null;
  readonly packages: number | null;
  readonly cores: number | null;
  /** Hardware threads that are online. */
  readonly threads: number | null;
  /** On hybrid CPUs: how many cores of each kind. */
  readonly performanceCores: number | null;
  readonly efficiencyCores: number | null;
  /** MiB of each third-level cache, largest first; they differ on X3D parts. */
  readonly l3MiB: readonly number[] | null;
  /** `VT-x`, `AMD-V`, or null when the kernel does not offer it. */
  readonly virtualization: string | null;
  /** The machine is itself a virtual one. */
  readonly isNested: boolean;
}

export interface InventoryBoard {
  readonly vendor: string | null;
  readonly name: string | null;
  readonly version: string | null;
  readonly system: string | null;
}

export interface InventoryFirmware {
  readonly vendor: string | null;
  readonly version: string | null;
  readonly date: string | null;
  /** Null: could not be seen. */
  readonly isUefi: boolean | null;
  readonly secureBoot: boolean | null;
}

export interface InventoryModule {
  readonly slot: string | null;
  readonly sizeMiB: number | null;
  readonly type: string | null;
  readonly speedMTs: number | null;
  readonly manufacturer: string | null;
  readonly partNumber: string | null;
}

export interface InventoryMemory {
  /** What the kernel manages; less than what is plugged in. */
  readonly totalKiB: number | null;
  readonly numaNodes: number | null;
  /** Slots with a module; null: they could not be seen. */
  readonly modules: readonly InventoryModule[] | null;
  readonly emptySlots: number | null;
}

export interface InventoryDisk {
  readonly name: string;
  readonly model: string | null;
  readonly sizeBytes: number | null;
  readonly kind: string | null;
  /** PCI address of its controller. */
  readonly controller: string | null;
}

export interface InventoryDevice {
  readonly address: string;
  /** `vendor:device` */
  readonly id: string;
  /** From pci.ids; the id where it has none. */
  readonly name: string;
  readonly className: string;
  readonly subsystem: string | null;
  /** Null: none is bound. */
  readonly driver: string | null;
  /** Null: it is in none. */
  readonly iommuGroup: string | null;
  /** Fields above that could not be seen: their null says nothing. */
  readonly unknown?: readonly string[];
}

export interface InventoryGpu extends InventoryDevice {
  readonly kind: 'integrated' | 'discrete' | 'management' | 'virtual-function';
  /** It is the one that goes to the virtual machine. */
  readonly isPassedThrough: boolean;
  /** Nothing says which GPU goes to the virtual machine, and there is no other that could. */
  readonly isLikely: boolean;
  /** The firmware shows its messages on it. */
  readonly isBootDisplay: boolean;
}

export interface InventoryIommu {
  /** Driver instances; none: no IOMMU is in force. */
  readonly instances: readonly string[];
  readonly groups: number;
  /** Members of groups that are no PCI devices. */
  readonly others: readonly { readonly group: string; readonly name: string }[];
}

/** What is built into a machine. A part is null when it could not be looked at; `hidden` then says why. */
export interface Inventory {
  readonly schema: 1;
  readonly tool: { readonly name: 'passcheck'; readonly version: string };
  readonly host: string | null;
  /** Distribution and kernel. */
  readonly system: { readonly distribution: string | null; readonly kernel: string | null };
  /** ISO 8601: when the machine was looked at, or recorded; null when the recording does not say. */
  readonly takenAt: string | null;
  readonly cpu: InventoryCpu | null;
  readonly board: InventoryBoard | null;
  readonly firmware: InventoryFirmware | null;
  readonly memory: InventoryMemory;
  readonly gpus: readonly InventoryGpu[] | null;
  readonly disks: readonly InventoryDisk[] | null;
  readonly pciDevices: readonly InventoryDevice[] | null;
  readonly iommu: InventoryIommu | null;
  readonly hidden: readonly HiddenPart[];
}
