import { roughSize } from '../../provision/plan/words.ts';
import { oneLine } from '../../report/sanitize.ts';
import { hang } from '../../report/wrap.ts';
import { type Connection, ConnectionError } from '../../libvirt/connection.ts';
import { answer } from '../../vm/read-vms.ts';
import { basedOn } from '../../vm/snapshot/based-on.ts';
import { qemuImg } from '../../vm/snapshot/qemu-img.ts';
import { planRevert, revert as goBack, type RevertPlan } from '../../vm/snapshot/revert.ts';
import { confirmed } from '../confirm.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { type AskedVm, withVm } from './asked-vm.ts';
import { checkName, noSnapshot, refuse } from './vm-snapshot.ts';
import { inSnapshotSession, offSubject, type SnapshotSession, type WhenOn } from './snapshot-session.ts';
import { timeText } from './snapshot-words.ts';
import type { ConnectionOptions } from './vm-options.ts';

export interface RevertOptions extends ConnectionOptions, WhenOn {
  readonly yes?: boolean;
}

/** `passcheck vm revert` */
export async function revert(vm: string, name: string, options: RevertOptions, io: Io): Promise<void> {
  checkName(name);
  await withVm(vm, options, io, (asked) => inSnapshotSession('vm revert', asked, io, (session) => inSession(session, name, options, io)));
}

async function inSession(session: SnapshotSession, name: string, options: RevertOptions, io: Io): Promise<void> {
  const { asked, folder } = session;
  const { name: vm } = asked.vm;
  const { complete, damaged, unfinished } = session.stored();
  const manifest = complete.find((one) => one.name === name);
  if (damaged.includes(name)) return refuse(io, vm, [{ message: `the manifest of its snapshot ${name} cannot be read`, fix: null }]);
  if (manifest === undefined) return refuse(io, vm, [noSnapshot(vm, name)]);
  const subject = await offSubject(session, options, io);
  if (!subject.ok) return refuse(io, vm, subject.problems);
  const plan = planRevert(subject.value, manifest, folder);
  if (!plan.ok) return refuse(io, vm, plan.problems);
  const built = await basedOn(subject.value.disks, asked, qemuImg);
  if (built.problems.length > 0) return refuse(io, vm, built.problems);
  const isAgain = unfinished !== null;
  if (!isAgain || unfinished.name !== name) {
    for (const line of [...lossLines(vm, plan.value), ...built.notes]) io.note(line);
    if (!(await isWanted(asked, name, options, io))) return undefined;
  }
  const started = (): Promise<string | null> => startedMeanwhile(asked.connection, asked.vm.uuid);
  const complaint = await withProgress(
    io,
    'going back',
    goBack(plan.value, { folder, images: qemuImg, now: new Date(), isAgain, started }),
  );
  if (complaint !== null) {
    const fix = `It is in between, and passcheck does not start it. Mend that, then: passcheck vm revert ${vm} ${name}`;
    return refuse(io, vm, [{ message: complaint, fix }]);
  }
  io.note(`${vm}: is as it was on ${timeText(manifest.takenAt)} (${name})`);
}

async function isWanted({ vm }: AskedVm, name: string, { yes = false }: RevertOptions, io: Io): Promise<boolean> {
  if (yes) return true;
  const answered = await confirmed(`Go back to ${name}?`, io);
  if (answered === true) return true;
  const fix = `Keep what it is now: passcheck vm snapshot ${vm.name} before-${name}`.slice(0, 200);
  refuse(io, vm.name, [
    answered === null ? { message: 'nobody is there to ask, so nothing was done', fix: 'Add --yes' } : { message: 'nothing was done', fix },
  ]);
  return false;
}

/** What is there now and will not be. */
function lossLines(vm: string, { manifest, disks, nvram, tpm, isRedefined }: RevertPlan): string[] {
  const since = new Map(manifest.disks.map(({ path, virtualBytes }) => [path, virtualBytes]));
  const lines = disks.map(({ target, path, info }) => {
    const then = since.get(path) ?? info.virtualBytes;
    const size = then === info.virtualBytes ? '' : `, which becomes ${roughSize(then)} again`;
    return `  ${target}  ${path}${size}`;
  });
  const told = `${vm} goes back to ${manifest.name} of ${timeText(manifest.takenAt)}. What it wrote since is lost:`;
  return [
    ...hang('', oneLine(told), 80),
    ...lines,
    ...(nvram === null ? [] : [`  UEFI settings  ${nvram.path}`]),
    ...(tpm === null ? [] : [`  TPM state  ${tpm.path}`]),
    ...(isRedefined ? ['Its definition has changed since, and stays as it is now.'] : []),
  ];
}

/** Null: it is off; else what is wrong. */
async function startedMeanwhile(connection: Connection, uuid: string): Promise<string | null> {
  try {
    return (await answer(connection, ['domstate', uuid])).trim() === 'shut off' ? null : 'it was started in between';
  } catch (error) {
    if (error instanceof ConnectionError) return error.message;
    throw error;
  }
}
