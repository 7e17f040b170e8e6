/** What libvirt has, as far as a spec is concerned with it. Everything comes from one `virsh` process. */
export interface World {
  readonly networks: readonly LiveNetwork[];
  readonly pools: readonly LivePool[];
  /** The volumes of the pools that the spec names. */
  readonly volumes: readonly LiveVolume[];
  readonly domains: readonly LiveDomain[];
  /** Every domain of the connection with the files and devices of its disks, those of the spec among them. */
  readonly users: readonly DiskUser[];
  /**
   * Every network, pool and domain of the connection, whoever made it: `prune` looks through it for marks. Only read for prune;
   * undefined: nobody looked.
   */
  readonly everything?: Pick<World, 'networks' | 'pools' | 'domains'>;
}

interface LiveObject {
  readonly name: string;
  readonly uuid: string;
  readonly isActive: boolean;
  readonly autostart: boolean;
  /** The definition that the next start gets. */
  readonly inactive: string;
  /** libvirt forgets it when it stops: its definition was taken away while it ran, or it never had one. */
  readonly isTransient?: true;
}

export interface LiveNetwork extends LiveObject {
  /** As it runs; null while it does not. */
  readonly live: string | null;
}

export interface LivePool extends LiveObject {
  readonly path: string | null;
  readonly availableBytes: number | null;
}

export interface LiveVolume {
  readonly pool: string;
  readonly name: string;
  readonly path: string;
  readonly capacityBytes: number;
  readonly format: string;
  /** The image that it is built on. */
  readonly backing: string | null;
}

export interface LiveDomain extends LiveObject {
  /** In virsh's words: `running`, `shut off`, `paused` … */
  readonly state: string;
  /** As it runs; null while it does not. */
  readonly live: string | null;
  readonly hasManagedSave: boolean;
  readonly snapshots: readonly string[];
}

export interface DiskUser {
  readonly domain: string;
  readonly isActive: boolean;
  readonly disks: readonly string[];
  /** Of its interfaces, in lower case; undefined: not read. */
  readonly macs?: readonly string[];
  /** PCI functions of the host that it is given, as `0000:01:00.0`; undefined: not read. */
  readonly hostDevices?: readonly string[];
  /** The spec whose mark it bears; undefined: it bears none, or was not read. */
  readonly owner?: string;
  /** Files of its UEFI variables that its definitions name. */
  readonly nvrams?: readonly string[];
}
