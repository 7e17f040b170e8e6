import type { ConnectionUri } from '../libvirt/virsh.ts';
import type { VmSpec } from './spec/model.ts';
import type { Tree } from './tree.ts';

/** What a spec asks for, in libvirt's own terms. Names, UUIDs and MAC addresses are explicit and stable. */
export interface Desired {
  /** The name of the spec: it stands in the mark of everything that is made from it. */
  readonly owner: string;
  readonly connection: ConnectionUri;
  readonly networks: readonly DesiredNetwork[];
  readonly pools: readonly DesiredPool[];
  readonly volumes: readonly DesiredVolume[];
  readonly domains: readonly DesiredDomain[];
}

interface DesiredObject {
  readonly name: string;
  readonly uuid: string;
  /** Without the mark, which the planner adds. */
  readonly tree: Tree;
  readonly autostart: boolean;
}

export interface DesiredNetwork extends DesiredObject {
  readonly kind: 'network';
  readonly bridge: string | null;
  /** First and last address of its subnet as numbers, both inclusive. */
  readonly subnet: { readonly first: number; readonly last: number };
  readonly hasDhcp: boolean;
}

export interface DesiredPool extends DesiredObject {
  readonly kind: 'pool';
  readonly path: string;
}

export interface DesiredVolume {
  readonly kind: 'volume';
  /** Its name in the spec. */
  readonly label: string;
  readonly pool: string;
  /** Its name in the pool: the file. */
  readonly name: string;
  readonly path: string;
  readonly capacityBytes: number;
  readonly format: 'qcow2' | 'raw';
  readonly tree: Tree;
}

export interface DesiredDomain extends DesiredObject {
  readonly kind: 'domain';
  readonly spec: VmSpec;
  readonly memoryKiB: number;
  /** Null without UEFI, and where libvirt chooses the path: in the folder of a user. */
  readonly nvramPath: string | null;
  /** Images in its drives. */
  readonly media: readonly { readonly name: string; readonly path: string }[];
  /** Paths of its disks, in order. */
  readonly disks: readonly string[];
}
