import { defineCheck } from '../../../src/engine/check.ts';
import {
  couldNotLook,
  type Evidence,
  fail,
  notApplicable,
  type Outcome,
  pass,
  passWith,
  type Remedy,
} from '../../../src/engine/outcome.ts';
import { configuredGroups } from '../../../src/facts/accounts.ts';
import type { Identity, SudoUser } from '../../../src/facts/caller.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { LibvirtAccess } from '../../../src/facts/libvirt-access.ts';
import type { LibvirtSocket } from '../../../src/facts/libvirt.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { groupSteps } from '../../../src/remedy/services.ts';

/** A user whose right to manage VMs is judged. `groups`: ids in effect, or configured where no process of the user is known. */
interface Person {
  readonly name: string;
  readonly uid: number;
  readonly groups: readonly number[];
  readonly isCaller: boolean;
  /** Are the groups those of a process? */
  readonly isLoggedIn: boolean;
}

export default defineCheck({
  id: 'preflight/libvirt/access',
  title: 'This user may manage virtual machines without sudo',
  severity: 'blocker',
  needs: ['libvirt', 'libvirtAccess', 'caller', 'config'],
  wants: ['accounts', 'platform'],
  why: 'Who may not write to the socket of libvirt can neither start the VM nor stop it; root may always, so root proves nothing.',
  sources: ['https://libvirt.org/auth.html', 'https://libvirt.org/aclpolkit.html'],
  evaluate({ libvirt, libvirtAccess, caller, config, accounts, platform }) {
    if (config.connection === 'qemu:///session') {
      if (libvirt.answer.state === 'read') return pass({ source: libvirt.answer.source, observed: 'a session belongs to its user' });
      return couldNotLook(libvirt.answer.source, 'the session does not answer', 'see preflight/libvirt/daemon');
    }
    if (platform.ok && platform.value.hasOwnVms === true && libvirt.socket.state === 'absent') {
      return notApplicable('Proxmox VE has users of its own for its VMs');
    }
    if (caller.isRoot && caller.sudoUser === null) {
      return passWith('passcheck ran as root, who may always', { source: '/proc/self/status', observed: 'uid 0, not by sudo' });
    }
    if (libvirt.socket.state !== 'ok') {
      const hint = 'start libvirt first: see preflight/libvirt/daemon';
      return couldNotLook('/run/libvirt', libvirt.socket.state === 'absent' ? 'there is no socket' : libvirt.socket.detail, hint);
    }
    const person = personOf(caller, caller.sudoUser, accounts);
    if (person === null)
      return couldNotLook('/etc/group', 'the groups of the user behind sudo are not known', 'run passcheck without sudo');
    return judge(person, libvirt.socket.value, libvirtAccess, accounts, platform);
  },
});

type Accounts = Parameters<typeof configuredGroups>[0];

function personOf(caller: Identity & { groups: readonly number[] }, sudo: SudoUser | null, accounts: Attempt<Accounts>): Person | null {
  const { name, uid } = sudo ?? caller;
  const who = { name: name ?? String(uid), uid, isCaller: sudo === null };
  if (sudo === null) return { ...who, groups: caller.groups, isLoggedIn: true };
  const { process = null } = sudo;
  if (process !== null) return { ...who, groups: process.groups, isLoggedIn: true };
  if (!accounts.ok || name === null) return null;
  return { ...who, groups: configuredGroups(accounts.value, sudo).map(({ gid }) => gid), isLoggedIn: false };
}

function judge(
  person: Person,
  socket: LibvirtSocket,
  access: LibvirtAccess,
  accounts: Attempt<Accounts>,
  platform: Attempt<Platform>,
): Outcome {
  const { mode, uid, gid } = socket.stat;
  const file: Evidence = { source: socket.path, observed: `mode ${mode.toString(8).padStart(4, '0')}, uid ${uid}, gid ${gid}` };
  const mayWrite = person.isCaller ? access.callerMayWrite : { state: 'ok' as const, value: byMode(person, socket) };
  if (mayWrite.state !== 'ok') return couldNotLook(socket.path, 'not known whether this user may write to it', 'run passcheck on the host');
  const groupName = groupWithId(accounts, gid);
  if (!mayWrite.value)
    return refused(
      person,
      { ...file, expected: `writable for ${person.name}` },
      gid === 0 ? usualGroup(platform) : groupName,
      accounts,
      platform,
    );
  const isGate = (mode & 0o002) === 0;
  if (isGate || usesNoAuthentication(access)) return pass({ ...file, observed: `${file.observed}, writable for ${person.name}` });
  return byPolkit(person, file, access, accounts, platform);
}

function byMode({ uid, groups }: Person, { stat }: LibvirtSocket): boolean {
  if (uid === stat.uid) return (stat.mode & 0o200) !== 0;
  if (groups.includes(stat.gid)) return (stat.mode & 0o020) !== 0;
  return (stat.mode & 0o002) !== 0;
}

function usesNoAuthentication({ authentication, hasPolkit }: LibvirtAccess): boolean {
  return authentication.state === 'ok' ? authentication.value === 'none' : authentication.state === 'absent' && !hasPolkit;
}

/** The socket is open to all, so polkit decides: its own answer, else what its rules say. */
function byPolkit(
  person: Person,
  file: Evidence,
  access: LibvirtAccess,
  accounts: Attempt<Accounts>,
  platform: Attempt<Platform>,
): Outcome {
  const { pkcheck, polkit } = access;
  const groups = polkit.groups.length > 0 ? polkit.groups : [usualGroup(platform)];
  if (pkcheck.state === 'ok') {
    const said: Evidence = { source: pkcheck.value.argv, observed: pkcheck.value.answer, expected: 'authorized' };
    return pkcheck.value.isAuthorized ? pass(said, file) : refused(person, said, groups[0] ?? usualGroup(platform), accounts, platform);
  }
  const granted = polkit.groups.find((name) => person.groups.includes(groupId(accounts, name) ?? -1));
  const source = '/usr/share/polkit-1/rules.d';
  if (granted !== undefined) return pass({ source, observed: `the group ${granted} may` }, file);
  if (polkit.users.includes(person.name)) return pass({ source, observed: `${person.name} may` }, file);
  const [opaque, hidden] = [polkit.opaque[0], polkit.hidden[0]];
  if (pkcheck.state === 'unreadable') return couldNotLook('pkcheck', pkcheck.detail, 'see that polkit runs, or run passcheck on the host');
  const ask = person.isCaller ? 'install pkcheck (of polkit), which asks polkit itself' : 'run passcheck without sudo';
  if (opaque !== undefined) return couldNotLook(opaque, 'rules that only polkit can judge', ask);
  if (hidden !== undefined) return couldNotLook(hidden, 'the rules of polkit are hidden from this user', ask);
  // Old polkit has its rules in another form (.pkla), which is not read.
  if (polkit.groups.length + polkit.users.length === 0) return couldNotLook(source, 'no rule of polkit speaks of libvirt', ask);
  const seen: Evidence = {
    source,
    observed: `they let in the group ${groups.join(', ')}`,
    expected: `one of the groups of ${person.name}`,
  };
  return refused(person, seen, groups[0] ?? usualGroup(platform), accounts, platform);
}

function usualGroup(platform: Attempt<Platform>): string {
  return platform.ok && platform.value.distribution === 'nixos' ? 'libvirtd' : 'libvirt';
}

function refused(person: Person, evidence: Evidence, group: string, accounts: Attempt<Accounts>, platform: Attempt<Platform>): Outcome {
  const { name } = person;
  if (person.isLoggedIn && isConfigured(accounts, name, group)) {
    const summary = `Log out and in again: ${name} is in the group ${group}, but not in this session`;
    return fail(`${name} may not manage VMs yet`, {
      evidence: [evidence, { source: '/etc/group', observed: `${group}: ${name}` }],
      remedy: { summary },
    });
  }
  const summary = `Put ${name} into the group ${group}`;
  const remedy: Remedy = platform.ok ? { summary, steps: groupSteps(platform.value, name, [group]) } : { summary };
  return fail(`${name} may not manage VMs without sudo or a password`, { evidence: [evidence], remedy });
}

function isConfigured(accounts: Attempt<Accounts>, user: string, group: string): boolean {
  return accounts.ok && accounts.value.groups.some(({ name, members }) => name === group && members.includes(user));
}

function groupId(accounts: Attempt<Accounts>, wanted: string): number | undefined {
  return accounts.ok ? accounts.value.groups.find(({ name }) => name === wanted)?.gid : undefined;
}

function groupWithId(accounts: Attempt<Accounts>, id: number): string {
  return (accounts.ok ? accounts.value.groups.find(({ gid }) => gid === id)?.name : undefined) ?? String(id);
}
