import type { OpenSession } from '../../provision/state/session.ts';
import { openState } from '../../provision/state/session.ts';
import { thisCaller } from '../../provision/state/read-owned.ts';
import type { Attempt } from '../../vm/problem.ts';
import { discardSnapshot } from '../../vm/snapshot/discard.ts';
import { qemuImg } from '../../vm/snapshot/qemu-img.ts';
import { readSnapshots, snapshotsOf, type StoredSnapshots } from '../../vm/snapshot/store.ts';
import { lookAtSubject, type Subject } from '../../vm/snapshot/subject.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { type AskedVm, askedVm } from './asked-vm.ts';
import { stopAloud } from './stop.ts';

/** A VM whose snapshots are being changed, by nobody else. */
export interface SnapshotSession {
  readonly asked: AskedVm;
  /** Of its snapshots. */
  readonly folder: string;
  stored(): StoredSnapshots;
}

/** What a command that needs the VM off does when it is not. */
export interface WhenOn {
  readonly stop?: boolean;
  /** Milliseconds for the guest to shut down. */
  readonly timeout: number;
}

/** Takes the lock of the connection; what an earlier command left of a snapshot is removed first, where the VM is off. */
export async function inSnapshotSession(
  command: string,
  { connection, vm: { uuid } }: AskedVm,
  io: Io,
  work: (session: SnapshotSession) => Promise<void>,
): Promise<void> {
  const state: OpenSession = await openState(connection.uri, { command });
  try {
    const folder = snapshotsOf(state.folder, uuid);
    const asked = { connection, ...(await askedVm(connection, uuid)) };
    if (asked.vm.state === 'shut off') await tidyUp(folder, io);
    await work({ asked, folder, stored: () => readSnapshots(folder) });
  } finally {
    await state.close();
  }
}

/** Looks at the VM, shut down first where that is wanted. */
export async function offSubject({ asked }: SnapshotSession, when: WhenOn, io: Io): Promise<Attempt<Subject>> {
  const { connection, vm } = asked;
  let now: Pick<AskedVm, 'vm' | 'vms'> = asked;
  if (when.stop === true && vm.state !== 'shut off') {
    const stopped = await stopAloud(connection, vm, { timeout: when.timeout }, io);
    if (!stopped.ok) return stopped;
    now = await askedVm(connection, vm.uuid);
  }
  return withProgress(io, 'looking at its disks', lookAtSubject({ connection, ...now, images: qemuImg, caller: thisCaller() }));
}

async function tidyUp(folder: string, io: Io): Promise<void> {
  for (const name of readSnapshots(folder).incomplete) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const left = await discardSnapshot(folder, name, qemuImg);
    io.note(left === null ? `removed what was left of the snapshot ${name}` : `something is left of the snapshot ${name}: ${left}`);
  }
}
