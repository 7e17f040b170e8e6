import { memoryKiB } from '../domain/memory-size.ts';
import { vcpusOf } from '../domain/vcpus.ts';
import { attribute, first, textAt } from '../domain/xml.ts';
import type { Connection } from '../libvirt/connection.ts';
import { readMark } from '../provision/diff/mark.ts';
import { readDetails, type VmAddress } from './details.ts';
import { readVms, type Vm } from './read-vms.ts';
import { readSnapshots, snapshotsOf } from './snapshot/store.ts';

/** A VM as it is listed. */
export interface VmRow {
  readonly name: string;
  readonly uuid: string;
  /** In virsh's words. */
  readonly state: string;
  /** The spec that it was made from; null: not by passcheck. */
  readonly owner: string | null;
  /** As defined, for the next start; null when libvirt's definition does not tell. */
  readonly memoryKiB: number | null;
  readonly vcpus: number | null;
  /** Null, and so are those below, when libvirt did not say. */
  readonly autostart: boolean | null;
  readonly hasManagedSave: boolean | null;
  readonly addresses: readonly VmAddress[] | null;
  readonly libvirtSnapshots: readonly string[] | null;
  /** Those of passcheck, that this user took. */
  readonly snapshots: readonly { readonly name: string; readonly takenAt: string }[];
  /** The snapshot that an unfinished revert was to go back to. */
  readonly unfinishedRevert: string | null;
}

/** Every VM of the connection, by name. Throws a `ConnectionError` when libvirt did not say, a `StateError` for its own state. */
export async function listVms(connection: Connection, stateFolder: string): Promise<readonly VmRow[]> {
  const vms = await readVms(connection);
  const details = await readDetails(
    connection,
    vms.map(({ uuid }) => uuid),
  );
  return vms.map((vm) => {
    const { complete, unfinished } = readSnapshots(snapshotsOf(stateFolder, vm.uuid));
    const known = details.get(vm.uuid) ?? null;
    return {
      name: vm.name,
      uuid: vm.uuid,
      state: vm.state,
      owner: readMark(vm.root)?.owner ?? null,
      ...sizeOf(vm),
      autostart: known?.autostart ?? null,
      hasManagedSave: known?.hasManagedSave ?? null,
      addresses: known?.addresses ?? null,
      libvirtSnapshots: known?.snapshots ?? null,
      snapshots: complete.map(({ name, takenAt }) => ({ name, takenAt })),
      unfinishedRevert: unfinished?.name ?? null,
    };
  });
}

function sizeOf({ root }: Pick<Vm, 'root'>): Pick<VmRow, 'memoryKiB' | 'vcpus'> {
  const { max, current } = vcpusOf({ root });
  const vcpus = current ?? max;
  const memory = memoryKiB(textAt(root, 'memory') ?? '', attribute(first(root, 'memory'), 'unit'));
  return { memoryKiB: memory, vcpus: Number.isNaN(vcpus) ? null : vcpus };
}
