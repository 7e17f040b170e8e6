import { ok, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { type Accounts, accounts } from './accounts.ts';
import { FactError } from './fact-error.ts';
import { type Attempt, defineFact } from './fact.ts';
import { optional, readText, requiredText } from './read.ts';

/** A user as checks need it. */
export interface Identity {
  /** Null when /etc/passwd does not know the id. */
  readonly name: string | null;
  readonly uid: number;
  readonly gid: number;
}

/** The user behind sudo. */
export interface SudoUser extends Identity {
  /** The process that started sudo (a shell): its groups are in effect. Null when it could not be found. */
  readonly process?: { readonly pid: number; readonly groups: readonly number[] } | null;
}

/** Who runs passcheck. */
export interface Caller extends Identity {
  /** Groups of the running process: what is in effect. */
  readonly groups: readonly number[];
  readonly isRoot: boolean;
  /** The user behind sudo; null when sudo was not used, or root used it. */
  readonly sudoUser: SudoUser | null;
  /** Of passcheck's own process; null when it is not told. */
  readonly pid: number | null;
}

const STATUS = '/proc/self/status';

/** Who runs passcheck: the effective ids of its process, and the user behind sudo. */
export const caller = defineFact({
  id: 'caller',
  wants: { accounts },
  collect(host, facts): Caller {
    const text = requiredText(host, STATUS);
    const status = parseProcessStatus(text);
    if (status === null) throw new FactError({ source: STATUS, reason: 'it has no lines "Uid:" and "Gid:"' });
    const isRoot = status.uid === 0;
    const { parent, ...own } = status;
    const behind = isRoot ? sudoUser(host, facts.accounts) : null;
    return {
      ...own,
      name: nameOf(facts.accounts, status.uid),
      isRoot,
      sudoUser: behind === null ? null : { ...behind, process: processOf(host, behind.uid, parent) },
    };
  },
});

/** Effective ids and groups of /proc/PID/status, null when they are not there. proc_pid_status(5) */
export function parseProcessStatus(text: string): (Pick<Caller, 'uid' | 'gid' | 'groups' | 'pid'> & { parent: number | null }) | null {
  const uid = effectiveId(text, /^Uid:[ \t]+\d{1,10}[ \t]+(\d{1,10})\b/m);
  const gid = effectiveId(text, /^Gid:[ \t]+\d{1,10}[ \t]+(\d{1,10})\b/m);
  if (uid === null || gid === null) return null;
  const listed = /^Groups:[ \t]*([\d \t]*)$/m.exec(text)?.[1] ?? '';
  const groups = listed.split(/[ \t]+/).filter((word) => word !== '');
  return {
    uid,
    gid,
    groups: [...new Set([gid, ...groups.map(Number)])],
    pid: effectiveId(text, /^Pid:[ \t]+(\d{1,10})\b/m),
    parent: effectiveId(text, /^PPid:[ \t]+(\d{1,10})\b/m),
  };
}

function effectiveId(text: string, pattern: RegExp): number | null {
  const id = pattern.exec(text)?.[1];
  return id === undefined ? null : Number(id);
}

function sudoUser(host: HostSource, known: Attempt<Accounts>): Identity | null {
  const uid = numberOf(host, 'SUDO_UID');
  const gid = numberOf(host, 'SUDO_GID');
  if (uid === null || uid === 0) return null;
  const account = known.ok ? known.value.users.find((user) => user.uid === uid) : undefined;
  return { name: account?.name ?? optional('SUDO_USER', environment(host, 'SUDO_USER')), uid, gid: gid ?? account?.gid ?? uid };
}

/** npx, a shell of root's and sudo's own monitor can stand in between. */
const MAX_ANCESTORS = 16;

/** The nearest ancestor that is a process of this user. */
function processOf(host: HostSource, uid: number, parent: number | null): NonNullable<SudoUser['process']> | null {
  let pid = parent;
  for (let steps = 0; pid !== null && pid > 1 && steps < MAX_ANCESTORS; steps += 1) {
    const text = readText(host, `/proc/${pid}/status`);
    const status = text.state === 'ok' ? parseProcessStatus(text.value) : null;
    if (status?.uid === uid) return { pid, groups: status.groups };
    pid = status?.parent ?? null;
  }
  return null;
}

function numberOf(host: HostSource, name: string): number | null {
  const text = optional(name, environment(host, name));
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : null;
}

/** At most 256 characters of a variable: it comes from whoever started the process. */
function environment(host: HostSource, name: string): Reading<string> {
  const reading = host.environment(name);
  return reading.state === 'ok' ? ok(reading.value.slice(0, 256)) : reading;
}

function nameOf(known: Attempt<Accounts>, uid: number): string | null {
  return known.ok ? (known.value.users.find((user) => user.uid === uid)?.name ?? null) : null;
}
