import * as z from 'zod/mini';

const text = z.nullable(z.string());
const number = z.nullable(z.number());

/** Something that was not seen: which part of the inventory is missing, where it would be, why, and how to see it. */
const hiddenPart = z.readonly(z.object({ part: z.string(), source: z.string(), reason: z.string(), hint: text }));

/** Cores that share a third-level cache (else a package), as pictures draw them. */
const cell = z.readonly(
  z.object({
    /** `CCD 1`, `package 0` */
    name: z.string(),
    cacheKiB: number,
    packageId: z.number(),
    /** NUMA node. */
    node: number,
    cores: z.readonly(
      z.array(
        z.readonly(
          z.object({
            /** On hybrid CPUs. */
            kind: z.nullable(z.enum(['performance', 'efficiency'])),
            /** Its hardware threads that are online. */
            cpus: z.readonly(z.array(z.number())),
          }),
        ),
      ),
    ),
  }),
);

const cpu = z.readonly(
  z.object({
    model: text,
    vendor: z.string(),
    microcode: text,
    packages: number,
    cores: number,
    /** Hardware threads that are online. */
    threads: number,
    /** On hybrid CPUs: how many cores of each kind. */
    performanceCores: number,
    efficiencyCores: number,
    /** MiB of each third-level cache, largest first; they differ on X3D parts. */
    l3MiB: z.nullable(z.readonly(z.array(z.number()))),
    /** `VT-x`, `AMD-V`, or null when the kernel does not offer it. */
    virtualization: text,
    /** The machine is itself a virtual one. */
    isNested: z.boolean(),
    /** How the CPUs hang together; null when that could not be looked at. */
    cells: z.nullable(z.readonly(z.array(cell))),
    /** CPUs that are switched off. */
    offline: z.readonly(z.array(z.number())),
  }),
);

const board = z.readonly(z.object({ vendor: text, name: text, version: text, system: text }));

const firmware = z.readonly(
  z.object({
    vendor: text,
    version: text,
    date: text,
    /** Null: could not be seen. */
    isUefi: z.nullable(z.boolean()),
    secureBoot: z.nullable(z.boolean()),
  }),
);

const memoryModule = z.readonly(
  z.object({ slot: text, sizeMiB: number, type: text, speedMTs: number, manufacturer: text, partNumber: text }),
);

const memory = z.readonly(
  z.object({
    /** What the kernel manages; less than what is plugged in. */
    totalKiB: number,
    numaNodes: number,
    /** Slots with a module; null: they could not be seen. */
    modules: z.nullable(z.readonly(z.array(memoryModule))),
    emptySlots: number,
  }),
);

const disk = z.readonly(
  z.object({
    name: z.string(),
    model: text,
    sizeBytes: number,
    kind: text,
    /** PCI address of its controller. */
    controller: text,
  }),
);

const DEVICE = {
  address: z.string(),
  /** `vendor:device` */
  id: z.string(),
  /** From pci.ids; the id where it has none. */
  name: z.string(),
  className: z.string(),
  /** Six hex digits: class, subclass, programming interface. */
  classCode: z.string(),
  subsystem: text,
  /** Null: none is bound. */
  driver: text,
  /** Null: it is in none. */
  iommuGroup: text,
  /** Addresses of the bridges above, the nearest first. */
  upstream: z.readonly(z.array(z.string())),
  /** NUMA node that it is attached to; missing where the kernel does not say. */
  numaNode: z.exactOptional(z.number()),
  /** Fields above that could not be seen: their null says nothing. */
  unknown: z.exactOptional(z.readonly(z.array(z.string()))),
};

const device = z.readonly(z.object(DEVICE));

const gpu = z.readonly(
  z.object({
    ...DEVICE,
    kind: z.enum(['integrated', 'discrete', 'management', 'virtual-function']),
    /** It is the one that goes to the virtual machine. */
    isPassedThrough: z.boolean(),
    /** Nothing says which GPU goes to the virtual machine, and there is no other that could. */
    isLikely: z.boolean(),
    /** The firmware shows its messages on it. */
    isBootDisplay: z.boolean(),
  }),
);

const iommu = z.readonly(
  z.object({
    /** Driver instances; none: no IOMMU is in force. */
    instances: z.readonly(z.array(z.string())),
    groups: z.number(),
    /** Members of groups that are no PCI devices. */
    others: z.readonly(z.array(z.readonly(z.object({ group: z.string(), name: z.string() })))),
  }),
);

/** What is built into a machine. A part is null when it could not be looked at; `hidden` then says why. */
export const inventorySchema = z.readonly(
  z.object({
    schema: z.literal(1),
    tool: z.readonly(z.object({ name: z.literal('passcheck'), version: z.string() })),
    host: text,
    /** Distribution and kernel. */
    system: z.readonly(z.object({ distribution: text, kernel: text })),
    /** ISO 8601: when the machine was looked at, or recorded; null when the recording does not say. */
    takenAt: text,
    cpu: z.nullable(cpu),
    board: z.nullable(board),
    firmware: z.nullable(firmware),
    memory,
    gpus: z.nullable(z.readonly(z.array(gpu))),
    disks: z.nullable(z.readonly(z.array(disk))),
    pciDevices: z.nullable(z.readonly(z.array(device))),
    iommu: z.nullable(iommu),
    hidden: z.readonly(z.array(hiddenPart)),
  }),
);

export type Inventory = z.infer<typeof inventorySchema>;
export type HiddenPart = z.infer<typeof hiddenPart>;
export type InventoryCpu = z.infer<typeof cpu>;
export type InventoryCell = z.infer<typeof cell>;
export type InventoryBoard = z.infer<typeof board>;
export type InventoryFirmware = z.infer<typeof firmware>;
export type InventoryModule = z.infer<typeof memoryModule>;
export type InventoryMemory = z.infer<typeof memory>;
export type InventoryDisk = z.infer<typeof disk>;
export type InventoryDevice = z.infer<typeof device>;
export type InventoryGpu = z.infer<typeof gpu>;
export type InventoryIommu = z.infer<typeof iommu>;
