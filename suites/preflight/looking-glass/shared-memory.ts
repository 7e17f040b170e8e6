import { defineCheck, type SubjectOutcome } from '../../../src/engine/check.ts';
import { couldNotLook, fail, type Outcome, pass, passWith, type Remedy, type RemedyStep } from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { clientRelease } from '../../../src/facts/looking-glass-client.ts';
import { isDevice, type SharedMemoryFile } from '../../../src/facts/looking-glass.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { largestResolution } from '../../../src/looking-glass/memory-size.ts';
import type { Release } from '../../../src/looking-glass/release.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';
import { fileEvidence, inMiB, judgeSize, judgeUsers, memoryDemand, notUsed } from '../looking-glass-memory.ts';

const MIB = 1024 * 1024;

export default defineCheck({
  id: 'preflight/looking-glass/shared-memory',
  title: 'QEMU and the Looking Glass client share a file that is large enough',
  severity: 'major',
  needs: ['lookingGlass', 'config'],
  wants: ['lookingGlassClient', 'platform'],
  why: 'Without a file that both may open the client shows nothing; one that is too small cuts the picture off.',
  sources: ['https://looking-glass.io/docs/B7/ivshmem_shm/', 'https://looking-glass.io/docs/B7/install_libvirt/#determining-memory'],
  evaluate({ lookingGlass, config, lookingGlassClient, platform }): Outcome | readonly SubjectOutcome[] {
    const files = lookingGlass.filter(({ path }) => !isDevice(path));
    if (files.length === 0) return notUsed();
    const demand = memoryDemand(config, lookingGlassClient);
    const release = lookingGlassClient.ok ? clientRelease(lookingGlassClient.value) : null;
    return files.map((file) => ({ subject: file.path, outcome: judgeFile(file, { demand, platform, release }) }));
  },
});

interface Context {
  readonly demand: ReturnType<typeof memoryDemand>;
  readonly platform: Attempt<Platform>;
  readonly release: Release | null;
}

function judgeFile(file: SharedMemoryFile, context: Context): Outcome {
  const { path, stat, source } = file;
  if (stat.state === 'unreadable') return couldNotLook(path, stat.detail, 'run passcheck as root');
  const size = file.sizeBytes ?? (stat.state === 'ok' && stat.value.size > 0 ? stat.value.size : null);
  const tooSmall = size === null ? null : judgeSize(source === 'passcheck.yaml' ? path : source, size, context.demand, setSize(file));
  if (stat.state === 'absent') return tooSmall ?? judgeMissing(file, context);
  if (stat.value.kind !== 'file') {
    return fail(`${path} is no regular file`, {
      evidence: [{ source: path, observed: stat.value.kind, expected: 'file' }],
      remedy: { summary: `Remove ${path} while the VM is off`, steps: [{ run: `rm ${shellWord(path)}` }] },
    });
  }
  return (
    tooSmall ??
    judgeLength(file, stat.value.size) ??
    judgeUsers(file, () => makeFile(file, context.platform)) ??
    judgeLabel(file) ??
    praise(file, size, context)
  );
}

/** QEMU refuses a file that is shorter than asked for, and fills an empty one. system/physmem.c, qemu_ram_alloc_from_fd */
function judgeLength({ path, source, sizeBytes }: SharedMemoryFile, length: number): Outcome | null {
  if (sizeBytes === null || length === 0 || length === sizeBytes) return null;
  const isShort = length < sizeBytes;
  return fail(`${path} is ${inMiB(length)} long, ${source} asks for ${inMiB(sizeBytes)}${isShort ? ': the VM does not start' : ''}`, {
    evidence: [{ source: path, observed: `${length} bytes`, expected: `${sizeBytes} bytes, or an empty file` }],
    remedy: { summary: 'Empty it while the VM is off', steps: [{ run: `truncate -s 0 ${shellWord(path)}` }] },
    ...(isShort ? {} : { severity: 'minor' as const }),
  });
}

/** Types that the policy lets a confined QEMU write: its own, and that of its images. */
const QEMU_TYPES = ['svirt_tmpfs_t', 'svirt_image_t'];

/** A file that somebody else than QEMU made has the type of /dev/shm, which QEMU may not open. */
function judgeLabel({ path, seLinux }: SharedMemoryFile): Outcome | null {
  if (seLinux.state === 'absent') return null;
  if (seLinux.state === 'unreadable') return couldNotLook('/sys/fs/selinux/enforce', seLinux.detail, 'look at `getenforce`');
  const { context, isConfined, hasLocalModule } = seLinux.value;
  if (context.state === 'absent' || hasLocalModule || (isConfined.state === 'ok' && !isConfined.value)) return null;
  const hint = `look at \`ls -Z ${path}\`: QEMU may open ${QEMU_TYPES[0]}`;
  if (context.state === 'unreadable') return couldNotLook(path, context.detail, hint);
  const type = context.value.split(':')[2] ?? '';
  if (QEMU_TYPES.includes(type)) return null;
  if (isConfined.state !== 'ok') {
    return couldNotLook(
      path,
      `SELinux lets QEMU not open ${type}, unless qemu.conf, which is hidden, leaves it unconfined`,
      'run passcheck as root',
    );
  }
  return fail(`SELinux does not let QEMU open ${path}, whose type is ${type}: the VM does not start`, {
    evidence: [{ source: `ls -Z ${path}`, observed: context.value, expected: `type ${QEMU_TYPES[0]}` }],
    remedy: { summary: `Give it the type ${QEMU_TYPES[0]}, now and whenever it is made`, steps: labelSteps(path) },
  });
}

function labelSteps(path: string): RemedyStep[] {
  return [{ run: `semanage fcontext --add --type ${QEMU_TYPES[0]} ${shellWord(path)}` }, { run: `restorecon -v ${shellWord(path)}` }];
}

/** QEMU makes the file when it is not there, with mode 0644 and for itself. */
function judgeMissing(file: SharedMemoryFile, { platform }: Context): Outcome {
  const { path, tmpfiles, qemu, client } = file;
  if (tmpfiles.state === 'unreadable') return couldNotLook('/etc/tmpfiles.d', tmpfiles.detail, 'run passcheck as root');
  if (tmpfiles.state === 'ok') {
    return fail(`${path} is not there yet, though ${tmpfiles.value.file} makes it`, {
      evidence: [{ source: path, observed: 'not there', expected: tmpfiles.value.line }],
      remedy: { summary: 'Make it now', steps: [{ run: `systemd-tmpfiles --create ${shellWord(tmpfiles.value.file)}` }] },
      severity: 'minor',
    });
  }
  const maker = qemu.ok ? qemu.value?.credentials.uid : undefined;
  const user = client.ok ? client.value?.credentials.uid : undefined;
  if (maker !== undefined && maker === user) return passWith('QEMU makes it at start, as the user who runs the client', fileEvidence(file));
  return fail(`${path} is not there: QEMU will make it for itself alone`, {
    evidence: [{ source: path, observed: 'not there', expected: 'a file that QEMU and the client may write' }],
    remedy: makeFile(file, platform),
  });
}

function makeFile({ path, client, seLinux }: SharedMemoryFile, platform: Attempt<Platform>): Remedy {
  const user = client.ok && client.value !== null ? client.value.name : 'USER';
  const line = `f ${path} 0660 ${user} kvm -`;
  const summary = `Have the file made at boot, for ${user} and the group kvm`;
  if (platform.ok && platform.value.distribution === 'nixos') {
    const option = `systemd.tmpfiles.rules = [ ${JSON.stringify(line)} ];`;
    return { summary, steps: [{ file: '/etc/nixos/configuration.nix', line: option }, { run: 'nixos-rebuild switch' }] };
  }
  const file = '/etc/tmpfiles.d/10-looking-glass.conf';
  const label = seLinux.state === 'ok' ? labelSteps(path) : [];
  return { summary, steps: [{ file, line }, { run: `systemd-tmpfiles --create ${file}` }, ...label] };
}

function setSize({ path, source }: SharedMemoryFile): (mib: number) => Remedy {
  return (mib) => ({
    summary: `Give the shared memory ${mib} MiB: <size unit='M'>${mib}</size> in the VM's <shmem>, and a new file`,
    steps: [
      { run: source === 'passcheck.yaml' ? 'virsh edit DOMAIN' : `virsh edit ${shellWord(source)}` },
      { run: `truncate -s 0 ${shellWord(path)}`, text: 'while the VM is off' },
    ],
  });
}

function praise(file: SharedMemoryFile, size: number | null, { demand, release }: Context): Outcome {
  const largest = size === null || demand !== null ? null : largestResolution(size / MIB, release);
  const notes = [
    ...(largest === null ? [] : [`enough for ${largest.width}x${largest.height}`]),
    ...(file.tmpfiles.state === 'absent' ? ['no line of tmpfiles.d makes it at the next boot'] : []),
  ];
  const evidence = { ...fileEvidence(file), ...(demand === null ? {} : { expected: demand.text }) };
  return notes.length === 0 ? pass(evidence) : passWith(notes.join('; '), evidence);
}
