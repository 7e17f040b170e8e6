import type { Config } from '../config/schema.ts';
import type { Domain } from '../domain/model.ts';
import { ABSENT, mapReading, ok, type Reading } from '../host/reading.ts';
import type { FileStat, HostSource } from '../host/source.ts';
import { memoryBackends } from '../looking-glass/memory-backend.ts';
import {
  HEADER_BYTES,
  HEADER_OFFSETS,
  parseProtocol,
  parseSession,
  SESSION_BYTES,
  sessionOffset,
  type SharedHeader,
} from '../looking-glass/shared-header.ts';
import { accounts, configuredGroups } from './accounts.ts';
import { caller, type SudoUser } from './caller.ts';
import { domains } from './domains.ts';
import { readDropIns } from './drop-in-files.ts';
import { type Attempt, defineFact } from './fact.ts';
import { type Reach, reachFile } from './file-access.ts';
import { type MemoryLabel, readMemoryLabel } from './memory-label.ts';
import type { Credentials } from './permissions.ts';
import { qemuConf } from './qemu-conf.ts';
import { qemuUser } from './qemu-user.ts';
import { securityModules } from './security-modules.ts';

/** A user who must be able to open the shared memory, and whether they can. */
export interface MemoryUser {
  readonly name: string;
  readonly credentials: Credentials;
  /** Null when the file is not there. */
  readonly reach: Reach | null;
}

/** A file or device that the guest and the client share. */
export interface SharedMemoryFile {
  readonly path: string;
  /** Who says so: a domain, or `passcheck.yaml`. */
  readonly source: string;
  /** What the domain asks for, bytes; null when nothing says. */
  readonly sizeBytes: number | null;
  readonly stat: Reading<FileStat>;
  /** The user that QEMU runs as; null when there is none, an error when it could not be told. */
  readonly qemu: Attempt<MemoryUser | null>;
  /** Who runs the client: the caller, under sudo the user behind it; null for root, who may not run it. */
  readonly client: Attempt<MemoryUser | null>;
  /** The line of tmpfiles.d that makes it at boot; absent: there is none. */
  readonly tmpfiles: Reading<{ readonly file: string; readonly line: string }>;
  /** Absent: nobody wrote a header into it. A device cannot be read. */
  readonly header: Reading<SharedHeader>;
  /** Of a file, for QEMU under qemu:///system. Absent: SELinux does not enforce. */
  readonly seLinux: Reading<MemoryLabel>;
}

/** Every file that Looking Glass is to use; empty when neither a domain nor `passcheck.yaml` asks for it. */
export const lookingGlass = defineFact({
  id: 'lookingGlass',
  wants: { accounts, caller, domains, qemuConf, qemuUser, securityModules },
  async collect(host, facts, { config }): Promise<readonly SharedMemoryFile[]> {
    if (!facts.domains.ok && config.lookingGlass === undefined) throw facts.domains.error;
    const uses = usesOf(facts.domains.ok ? facts.domains.value.map(({ definition }) => definition) : [], config);
    const client = clientUser(facts.caller, facts.accounts);
    const qemu = config.connection === 'qemu:///session' ? client : emulatorUser(facts.qemuUser);
    return Promise.all(
      uses.map(async (use) => {
        const stat = host.stat(use.path);
        const withReach = (user: Attempt<Named | null>): Promise<Attempt<MemoryUser | null>> => reachOf(host, use.path, stat, user);
        return {
          ...use,
          stat,
          qemu: await withReach(qemu),
          client: await withReach(client),
          tmpfiles: isDevice(use.path) ? ABSENT : tmpfilesLine(host, use.path),
          seLinux:
            isDevice(use.path) || config.connection === 'qemu:///session'
              ? ABSENT
              : await readMemoryLabel(host, { path: use.path, stat }, facts.securityModules, facts.qemuConf),
          header: stat.state === 'ok' && stat.value.kind === 'file' ? readHeader(host, use.path) : ABSENT,
        };
      }),
    );
  },
});

/** Is this path that of the kernel module's device? */
export function isDevice(path: string): boolean {
  return path.startsWith('/dev/kvmfr');
}

type Use = Pick<SharedMemoryFile, 'path' | 'source' | 'sizeBytes'>;

function usesOf(definitions: readonly Domain[], { lookingGlass: configured }: Config): Use[] {
  const uses = definitions.flatMap(({ name, sharedMemory, qemuArguments }) => [
    ...sharedMemory.map((shared) => ({ path: `/dev/shm/${shared.name}`, source: name, sizeBytes: shared.sizeBytes })),
    ...memoryBackends(qemuArguments).map((backend) => ({ ...backend, source: name })),
  ]);
  // Other programs share memory with guests too (Scream): only what is named after Looking Glass, or by the user.
  const own = uses.filter(({ path }) => isDevice(path) || /looking.?glass/i.test(path) || path === configured?.file);
  if (configured === undefined || own.some(({ path }) => path === configured.file)) return own;
  // The default of `file` is not what the user said: where the guest uses a device, that is meant.
  const isDefault = configured.file === '/dev/shm/looking-glass';
  return own.length > 0 && isDefault ? own : [...own, { path: configured.file, source: 'passcheck.yaml', sizeBytes: null }];
}

type Named = Pick<MemoryUser, 'name' | 'credentials'>;

function emulatorUser(
  attempt: Attempt<{ uid: number; name: string | null; groups: readonly { gid: number }[] } | null>,
): Attempt<Named | null> {
  if (!attempt.ok) return attempt;
  if (attempt.value === null) return { ok: true, value: null };
  const { uid, name, groups } = attempt.value;
  return { ok: true, value: { name: name ?? String(uid), credentials: { uid, gids: groups.map(({ gid }) => gid) } } };
}

/** The client refuses to run as root. */
function clientUser(
  attempt: Attempt<{
    uid: number;
    name: string | null;
    groups: readonly number[];
    isRoot: boolean;
    sudoUser: SudoUser | null;
  }>,
  known: Attempt<Parameters<typeof configuredGroups>[0]>,
): Attempt<Named | null> {
  if (!attempt.ok) return attempt;
  const { uid, name, groups, isRoot, sudoUser } = attempt.value;
  if (!isRoot) return { ok: true, value: { name: name ?? String(uid), credentials: { uid, gids: groups } } };
  if (sudoUser === null) return { ok: true, value: null };
  const inEffect = sudoUser.process?.groups;
  if (inEffect === undefined && !known.ok) return known;
  const gids = inEffect ?? (known.ok ? configuredGroups(known.value, sudoUser).map(({ gid }) => gid) : []);
  return { ok: true, value: { name: sudoUser.name ?? String(sudoUser.uid), credentials: { uid: sudoUser.uid, gids } } };
}

async function reachOf(
  host: HostSource,
  path: string,
  stat: Reading<FileStat>,
  user: Attempt<Named | null>,
): Promise<Attempt<MemoryUser | null>> {
  if (!user.ok || user.value === null) return user.ok ? { ok: true, value: null } : user;
  const reach = stat.state === 'absent' ? null : await reachFile(host, path, user.value.credentials, ['read', 'write']);
  return { ok: true, value: { ...user.value, reach } };
}

const TMPFILES = ['/etc/tmpfiles.d', '/run/tmpfiles.d', '/usr/lib/tmpfiles.d'];

function tmpfilesLine(host: HostSource, path: string): SharedMemoryFile['tmpfiles'] {
  const { files, unread } = readDropIns(host, TMPFILES);
  for (const { path: file, text } of files) {
    const line = findTmpfilesLine(text, path);
    if (line !== null) return ok({ file, line });
  }
  const [hidden] = unread;
  return hidden === undefined ? ABSENT : { state: 'unreadable', reason: 'denied', detail: `${hidden.source}: ${hidden.reason}` };
}

/** A line that makes a file at this path: `f /dev/shm/looking-glass 0660 alice kvm -`. tmpfiles.d(5) */
export function findTmpfilesLine(text: string, path: string): string | null {
  const line = text.split('\n').find((candidate) => {
    const [type = '', name] = candidate.trim().split(/\s+/, 2);
    return /^[fF]/.test(type) && name === path;
  });
  return line?.trim() ?? null;
}

function readHeader(host: HostSource, path: string): Reading<SharedHeader> {
  for (const offset of HEADER_OFFSETS) {
    const bytes = host.readRange(path, offset, HEADER_BYTES);
    if (bytes.state !== 'ok') return bytes;
    const lgmp = parseProtocol(bytes.value);
    if (lgmp === null) continue;
    const at = sessionOffset(lgmp);
    const session = at === null ? ok(new Uint8Array()) : host.readRange(path, at, SESSION_BYTES);
    return mapReading(session, (found) => ({ lgmp, ...parseSession(found) }));
  }
  return ABSENT;
}
