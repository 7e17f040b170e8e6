import type { PlanContext, PlanRequest } from './request.ts';

/** What `destroy` and `prune` are told. Everything that holds data is kept unless it is named. */
export interface RemovalRequest extends PlanRequest {
  /** Volumes of the spec by their names in it; `all`: those of what is removed. */
  readonly deleteDisks: readonly string[] | 'all';
  /** Of the VMs that are removed. */
  readonly deleteNvram: boolean;
  readonly deleteTpm: boolean;
  /** Snapshots are forgotten by libvirt; what they hold stays in the files of the disks. */
  readonly forgetSnapshots: boolean;
  /** How long a guest gets to shut down. */
  readonly shutdownMs: number;
  /** The folder in which libvirt keeps what the TPMs of VMs hold; null: not known. */
  readonly tpmFolder: string | null;
}

/** A removal with what is looked up in it. */
export interface Removal extends RemovalRequest {
  readonly context: PlanContext;
  /** Names of the domains that go away: what they use is free then. */
  readonly removed: ReadonlySet<string>;
}
