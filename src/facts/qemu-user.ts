import type { HostSource } from '../host/source.ts';
import { confText } from '../libvirt/conf.ts';
import { type Accounts, accounts, configuredGroups, type GroupAccount, type UserAccount } from './accounts.ts';
import { type Caller, caller, type Identity } from './caller.ts';
import { type Attempt, defineFact } from './fact.ts';
import { FactError } from './fact-error.ts';
import { type Distribution, platform } from './platform.ts';
import { type QemuConf, qemuConf } from './qemu-conf.ts';

/**
 * The user that QEMU runs as: under qemu:///system `user` and `group` of qemu.conf, else the distribution's default; under
 * qemu:///session whoever runs passcheck, or used sudo to.
 */
export interface QemuUser extends Identity {
  /** Where it was found: `/etc/libvirt/qemu.conf`, or the name of the default. */
  readonly source: string;
  /** Every group it belongs to, its own first. */
  readonly groups: readonly GroupAccount[];
}

/** libvirtd gives this folder to the user and group of its QEMU driver whenever it starts, and anyone may stat it. */
const STATE_FOLDER = '/var/lib/libvirt/qemu';

/** Null: there is no such user on this host (libvirt is not installed). */
export const qemuUser = defineFact({
  id: 'qemuUser',
  needs: { accounts },
  wants: { qemuConf, platform, caller },
  collect(host, facts, { config }): QemuUser | null {
    const known = facts.accounts;
    if (config.connection === 'qemu:///session') return ofSession(facts.caller, known);
    if (facts.platform.ok && facts.platform.value.hasOwnVms === true) {
      return identify({ name: 'root', uid: 0, gid: 0 }, 'Proxmox VE runs QEMU as root', known);
    }
    const distribution = facts.platform.ok ? facts.platform.value.distribution : null;
    if (facts.qemuConf.ok) {
      const configured = fromConf(facts.qemuConf.value, known, distribution);
      if (configured !== null) return configured;
      return fromDistribution(distribution, known) ?? fromState(host, known) ?? fromKnownNames(known);
    }
    const seen = fromState(host, known);
    if (seen !== null) return seen;
    throw facts.qemuConf.error;
  },
});

function ofSession(attempt: Attempt<Caller>, known: Accounts): QemuUser {
  if (!attempt.ok) throw attempt.error;
  return identify(attempt.value.sudoUser ?? attempt.value, 'qemu:///session', known);
}

/** `user` and `group` each have a default of their own, whatever the other says. */
function fromConf(conf: QemuConf, known: Accounts, distribution: Distribution | null): QemuUser | null {
  const userText = confText(conf, 'user');
  const groupText = confText(conf, 'group');
  if (userText === null && groupText === null) return null;
  const fallback = fromDistribution(distribution, known) ?? fromKnownNames(known);
  const user = userText === null ? fallback : findUser(userText, known);
  if (user === null || user === undefined) throw unknownName(conf.path, 'user', userText ?? 'of libvirt');
  const gid = groupText === null ? (fallback?.gid ?? user.gid) : findGroup(groupText, known);
  if (gid === undefined) throw unknownName(conf.path, 'group', groupText ?? '');
  return identify({ ...user, gid }, conf.path, known);
}

function unknownName(path: string, what: string, name: string): FactError {
  return new FactError({
    source: path,
    reason: `the ${what} "${name}" is in neither /etc/passwd nor /etc/group`,
    hint: `look it up with \`getent ${what === 'user' ? 'passwd' : 'group'} ${name}\`; without it libvirt starts no VM`,
  });
}

/** libvirt takes a name first, then a number; `+` makes it a number for sure. */
function findUser(text: string, known: Accounts): Identity | undefined {
  const byName = known.users.find(({ name }) => name === text);
  if (byName !== undefined) return byName;
  const id = numericId(text);
  if (id === undefined) return undefined;
  return known.users.find(({ uid }) => uid === id) ?? { name: null, uid: id, gid: id };
}

function findGroup(text: string, known: Accounts): number | undefined {
  return known.groups.find(({ name }) => name === text)?.gid ?? numericId(text);
}

function numericId(text: string): number | undefined {
  const digits = /^\+?(\d{1,10})$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * What the packages are built with: https://gitlab.com/libvirt/libvirt/-/blob/master/meson.build (`default_qemu_user`).
 * NixOS writes `user` into qemu.conf unless QEMU is to run as root (`virtualisation.libvirtd.qemu.runAsRoot`).
 */
const DEFAULTS: Readonly<Record<Distribution, { readonly user: string; readonly group: string }>> = {
  arch: { user: 'libvirt-qemu', group: 'libvirt-qemu' },
  debian: { user: 'libvirt-qemu', group: 'libvirt-qemu' },
  proxmox: { user: 'libvirt-qemu', group: 'libvirt-qemu' },
  ubuntu: { user: 'libvirt-qemu', group: 'kvm' },
  fedora: { user: 'qemu', group: 'qemu' },
  'fedora-atomic': { user: 'qemu', group: 'qemu' },
  opensuse: { user: 'qemu', group: 'qemu' },
  nixos: { user: 'root', group: 'root' },
};

function fromDistribution(distribution: Distribution | null, known: Accounts): QemuUser | null {
  if (distribution === null) return null;
  const { user, group } = DEFAULTS[distribution];
  const account = known.users.find(({ name }) => name === user);
  if (account === undefined) return null;
  const gid = known.groups.find(({ name }) => name === group)?.gid ?? account.gid;
  return identify({ ...account, gid }, `default of ${distribution}: ${user}`, known);
}

function fromState(host: HostSource, known: Accounts): QemuUser | null {
  const folder = host.stat(STATE_FOLDER);
  if (folder.state !== 'ok' || folder.value.kind !== 'directory') return null;
  const { uid, gid } = folder.value;
  return identify({ name: known.users.find((user) => user.uid === uid)?.name ?? null, uid, gid }, `owner of ${STATE_FOLDER}`, known);
}

function fromKnownNames(known: Accounts): QemuUser | null {
  const account = ['libvirt-qemu', 'qemu', 'qemu-libvirtd'].flatMap((wanted) => known.users.filter(({ name }) => name === wanted))[0];
  return account === undefined ? null : identify(account, `the only likely user: ${account.name}`, known);
}

/** QEMU gets the groups of its user (initgroups) and the group of qemu.conf. */
function identify({ name, uid, gid }: Identity, source: string, known: Accounts): QemuUser {
  const account: UserAccount | undefined = known.users.find((user) => user.uid === uid);
  const own = known.groups.find((group) => group.gid === gid) ?? { name: String(gid), gid, members: [] };
  const others = account === undefined ? [] : configuredGroups(known, account).filter((group) => group.gid !== gid);
  return { name, uid, gid, source, groups: [own, ...others] };
}
