import { stateFolder } from '../../provision/state/folder.ts';
import { thisCaller } from '../../provision/state/read-owned.ts';
import { safeJson } from '../../report/json.ts';
import { oneLine } from '../../report/sanitize.ts';
import { UsageError } from '../../usage-error.ts';
import { VERSION } from '../../version.ts';
import type { Problem } from '../../vm/problem.ts';
import { discardSnapshot } from '../../vm/snapshot/discard.ts';
import { type Manifest, SNAPSHOT_NAME } from '../../vm/snapshot/manifest.ts';
import { qemuImg } from '../../vm/snapshot/qemu-img.ts';
import { forgetSnapshot, readSnapshots, snapshotsOf, type StoredSnapshots } from '../../vm/snapshot/store.ts';
import { takeSnapshot } from '../../vm/snapshot/take.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { type AskedVm, withVm } from './asked-vm.ts';
import type { LIST_FORMATS } from './list.ts';
import { tellProblems } from './problem-lines.ts';
import { inSnapshotSession, offSubject, type WhenOn } from './snapshot-session.ts';
import { keptWords, timeText } from './snapshot-words.ts';
import type { ConnectionOptions } from './vm-options.ts';

export interface SnapshotOptions extends ConnectionOptions, WhenOn {
  readonly list?: boolean;
  /** Its name. */
  readonly delete?: string;
  readonly format?: (typeof LIST_FORMATS)[number];
}

/** `passcheck vm snapshot` */
export async function snapshot(vm: string, name: string | undefined, options: SnapshotOptions, io: Io): Promise<void> {
  const wanted = [name !== undefined, options.list === true, options.delete !== undefined].filter(Boolean).length;
  if (wanted !== 1) throw new UsageError('vm snapshot: want one of a NAME, --list and --delete NAME');
  if (options.format !== undefined && options.list !== true) throw new UsageError('vm snapshot: --format is for --list');
  for (const given of [name, options.delete]) if (given !== undefined) checkName(given);
  await withVm(vm, options, io, async (asked) => {
    if (options.list === true) showList(asked, options, io);
    else if (options.delete !== undefined) await remove(asked, options.delete, io);
    else await take(asked, name ?? '', options, io);
  });
}

/** Throws a `UsageError` for what is no name of a snapshot. */
export function checkName(name: string): void {
  if (SNAPSHOT_NAME.test(name)) return;
  throw new UsageError(`${oneLine(name).slice(0, 80)}: want a name of letters, digits and _ . + - (64 at most, a letter or digit first)`);
}

async function take(asked: AskedVm, name: string, options: SnapshotOptions, io: Io): Promise<void> {
  await inSnapshotSession('vm snapshot', asked, io, async (session) => {
    const { vm } = session.asked;
    const { complete, incomplete, damaged, unfinished } = session.stored();
    const there = complete.find((one) => one.name === name);
    if (there !== undefined) {
      const fix = `Choose another name, or delete it: passcheck vm snapshot ${vm.name} --delete ${name}`;
      return refuse(io, vm.name, [{ message: `it has a snapshot ${name} of ${timeText(there.takenAt)}`, fix }]);
    }
    if (incomplete.includes(name)) {
      return refuse(io, vm.name, [{ message: `something is left of a snapshot ${name}`, fix: 'Shut it down: then it can be tidied up' }]);
    }
    if (damaged.includes(name)) {
      return refuse(io, vm.name, [{ message: `it has a snapshot ${name} that cannot be read`, fix: 'Choose another name' }]);
    }
    if (unfinished !== null) return refuse(io, vm.name, [betweenTimes(vm.name, unfinished.name)]);
    const subject = await offSubject(session, options, io);
    if (!subject.ok) return refuse(io, vm.name, subject.problems);
    const tools = { folder: session.folder, images: qemuImg, now: new Date(), version: VERSION };
    const taken = await withProgress(io, 'taking the snapshot', takeSnapshot(subject.value, name, tools));
    if (!taken.ok) return refuse(io, vm.name, taken.problems);
    io.note(`${vm.name}: took snapshot ${name} of ${keptWords(taken.value)}`);
    io.note(`back to it: passcheck vm revert ${vm.name} ${name}`);
  });
}

async function remove(asked: AskedVm, name: string, io: Io): Promise<void> {
  await inSnapshotSession('vm snapshot', asked, io, async (session) => {
    const { vm } = session.asked;
    const { complete, unfinished } = session.stored();
    const there = complete.find((one) => one.name === name);
    if (there === undefined) return refuse(io, vm.name, [noSnapshot(vm.name, name)]);
    if (unfinished?.name === name) return refuse(io, vm.name, [betweenTimes(vm.name, name)]);
    if (vm.state !== 'shut off') {
      const fix = `Shut it down first: passcheck vm stop ${vm.name}`;
      return refuse(io, vm.name, [{ message: `it is ${vm.state}: its images are in use`, fix }]);
    }
    forgetSnapshot(session.folder, { schema: 1, name, disks: there.disks.map(({ path }) => path) });
    const left = await withProgress(io, 'deleting the snapshot', discardSnapshot(session.folder, name, qemuImg));
    if (left === null) io.note(`${vm.name}: deleted snapshot ${name}`);
    else
      refuse(io, vm.name, [
        { message: `something is left of snapshot ${name}: ${left}`, fix: 'The next command about snapshots of this VM removes it' },
      ]);
  });
}

function showList({ connection, vm }: AskedVm, { format }: SnapshotOptions, io: Io): void {
  const stored = readSnapshots(snapshotsOf(stateFolder(connection.uri, thisCaller()), vm.uuid));
  const { complete, incomplete, damaged, unfinished } = stored;
  if (format === 'json') io.print(`${safeJson({ schema: 1, vm: vm.name, uuid: vm.uuid, ...listed(stored) })}\n`);
  else for (const one of complete) io.print(`${one.name.padEnd(20)}  ${timeText(one.takenAt)}  ${keptWords(one)}\n`);
  if (complete.length === 0) io.note(`${vm.name} has no snapshot of passcheck`);
  for (const name of damaged) io.note(`${name}: its manifest cannot be read`);
  for (const name of incomplete) io.note(`${name}: cut off while it was made or deleted; the next command about snapshots removes it`);
  if (unfinished !== null) tellProblems(io, vm.name, [betweenTimes(vm.name, unfinished.name)]);
}

function listed({ complete, incomplete, damaged, unfinished }: StoredSnapshots): object {
  const snapshots = complete.map(({ name, takenAt, disks, nvram, tpm }: Manifest) => ({
    name,
    takenAt,
    disks: disks.map(({ target, path }) => ({ target, path })),
    hasNvram: nvram !== null && nvram.file !== null,
    hasTpm: tpm !== null && tpm.tree !== null,
  }));
  return { snapshots, incomplete, damaged, unfinishedRevert: unfinished?.name ?? null };
}

/** What to say of a snapshot that is not there. */
export function noSnapshot(vm: string, name: string): Problem {
  return { message: `it has no snapshot ${name}`, fix: `See which there are: passcheck vm snapshot ${vm} --list` };
}

function betweenTimes(vm: string, name: string): Problem {
  return { message: `a revert to ${name} has not ended`, fix: `Do it again: passcheck vm revert ${vm} ${name}` };
}

/** Says why nothing was done. */
export function refuse(io: Io, vm: string, problems: readonly Problem[]): void {
  tellProblems(io, vm, problems);
  io.exitCode = 1;
}
