/** A host PCI device that a domain is given. */
export interface DomainPciDevice {
  /** `0000:01:00.0` */
  readonly address: string;
  /** libvirt detaches it from its host driver at start and gives it back at the end. */
  readonly managed: boolean;
}

/** A drive that a domain is given. */
export interface DomainDisk {
  readonly device: 'disk' | 'cdrom' | 'floppy' | 'lun';
  /** Path of a file or block device; null when it comes from a pool, the network, or is empty. */
  readonly source: string | null;
  /** `qcow2`, `raw` …; null when the definition does not say. */
  readonly format: string | null;
  readonly bus: string | null;
}

/** A network card of the guest. */
export interface DomainInterface {
  readonly type: string;
  /** The libvirt network or the bridge; null for other types. */
  readonly source: string | null;
}

interface DomainSharedMemory {
  readonly name: string;
  readonly model: string | null;
  readonly sizeBytes: number | null;
}

/** What host checks need of a domain's definition. */
export interface Domain {
  readonly name: string;
  readonly uuid: string | null;
  readonly memoryKiB: number;
  readonly vcpus: number;
  /**
   * Hugepages that back the memory: null when they are not asked for; page size null for the host's default size; `nodes`
   * is the guest's NUMA node set, null for all.
   */
  readonly hugepages: readonly { readonly sizeKiB: number | null; readonly nodes: string | null }[] | null;
  /** Host nodes that the memory must come from (`numatune/memory@nodeset`, mode strict); null when not restricted. */
  readonly memoryNodes: string | null;
  readonly emulator: string | null;
  readonly firmware: 'efi' | 'bios';
  /** Path of the loader and its variable template when the definition names them. */
  readonly loader: string | null;
  readonly nvramTemplate: string | null;
  readonly secureBoot: boolean | null;
  readonly tpm: { readonly model: string | null; readonly backend: string | null; readonly version: string | null } | null;
  readonly pciDevices: readonly DomainPciDevice[];
  readonly disks: readonly DomainDisk[];
  readonly interfaces: readonly DomainInterface[];
  readonly sharedMemory: readonly DomainSharedMemory[];
  /** `vcpupin` by vCPU number: CPU list as written. */
  readonly vcpuPins: readonly { readonly vcpu: number; readonly cpus: string }[];
  readonly emulatorPin: string | null;
  /** Words of `<qemu:commandline>`: kvmfr is configured there. */
  readonly qemuArguments: readonly string[];
  /** Is there a graphical device other than the passed-through GPU (`video`, `graphics`)? */
  readonly hasVideo: boolean;
}
