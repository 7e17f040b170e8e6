import { mapReading, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { confText, parseLibvirtConf } from '../libvirt/conf.ts';
import { MANAGE_ACTION, parsePolkitRules } from '../libvirt/polkit.ts';
import { caller } from './caller.ts';
import { defineFact } from './fact.ts';
import { libvirt, type LibvirtMode } from './libvirt.ts';
import { libvirtFolder } from './qemu-conf.ts';
import { platform } from './platform.ts';
import { readText } from './read.ts';

/** The rules of polkit about managing libvirt. */
export interface LibvirtPolkit {
  readonly groups: readonly string[];
  readonly users: readonly string[];
  /** Files with rules that only polkit can judge. */
  readonly opaque: readonly string[];
  /** Folders and files that could not be read. */
  readonly hidden: readonly string[];
}

/** What decides who may manage VMs through the socket of qemu:///system. */
export interface LibvirtAccess {
  /** May whoever runs passcheck write to the socket, access control lists included? */
  readonly callerMayWrite: Reading<boolean>;
  /** `auth_unix_rw` of the daemon's configuration: `polkit`, `none`, `sasl`; absent: the default. */
  readonly authentication: Reading<string>;
  /** libvirt's actions are known to polkit, so polkit is its default. */
  readonly hasPolkit: boolean;
  readonly polkit: LibvirtPolkit;
  /** polkit's own answer about the user's process, without asking anybody for a password: passcheck's, or that which started sudo. */
  readonly pkcheck: Reading<{ readonly argv: string; readonly isAuthorized: boolean; readonly answer: string }>;
}

/** Who may manage VMs of qemu:///system: the socket's file, the daemon's authentication, polkit. */
export const libvirtAccess = defineFact({
  id: 'libvirtAccess',
  needs: { libvirt, caller },
  wants: { platform },
  async collect(host, facts): Promise<LibvirtAccess> {
    const { socket, mode } = facts.libvirt;
    const folder = libvirtFolder(facts.platform.ok ? facts.platform.value.distribution : null);
    const hasPolkit = ACTIONS.some((path) => host.stat(path).state === 'ok');
    const { isRoot, sudoUser } = facts.caller;
    const pid = isRoot ? (sudoUser?.process?.pid ?? null) : facts.caller.pid;
    return {
      callerMayWrite: socket.state === 'ok' ? host.writable(socket.value.path) : socket,
      authentication: readAuthentication(host, folder, mode),
      hasPolkit,
      polkit: readRules(host),
      pkcheck: hasPolkit && socket.state === 'ok' ? await askPolkit(host, pid) : { state: 'absent' },
    };
  },
});

const ACTIONS = ['/usr/share/polkit-1/actions', '/run/current-system/sw/share/polkit-1/actions'].map(
  (folder) => `${folder}/org.libvirt.unix.policy`,
);
const RULE_FOLDERS = [
  '/etc/polkit-1/rules.d',
  '/run/polkit-1/rules.d',
  '/usr/local/share/polkit-1/rules.d',
  '/usr/share/polkit-1/rules.d',
  '/run/current-system/sw/share/polkit-1/rules.d',
];

function readAuthentication(host: HostSource, folder: string, mode: LibvirtMode | null): Reading<string> {
  const text = readText(host, `${folder}/${mode === 'modular' ? 'virtqemud' : 'libvirtd'}.conf`);
  if (text.state !== 'ok') return text;
  const value = confText(parseLibvirtConf(text.value), 'auth_unix_rw');
  return value === null ? { state: 'absent' } : mapReading(text, () => value);
}

function readRules(host: HostSource): LibvirtPolkit {
  const found = { groups: new Set<string>(), users: new Set<string>(), opaque: [] as string[], hidden: [] as string[] };
  for (const folder of RULE_FOLDERS) {
    const names = host.list(folder);
    if (names.state === 'unreadable') found.hidden.push(folder);
    if (names.state !== 'ok') continue;
    for (const path of names.value.filter((name) => name.endsWith('.rules')).map((name) => `${folder}/${name}`)) {
      const text = readText(host, path);
      if (text.state === 'unreadable') found.hidden.push(path);
      if (text.state !== 'ok') continue;
      const grants = parsePolkitRules(text.value);
      for (const group of grants.groups) found.groups.add(group);
      for (const user of grants.users) found.users.add(user);
      if (grants.isOpaque) found.opaque.push(path);
    }
  }
  return { groups: [...found.groups], users: [...found.users], opaque: found.opaque, hidden: found.hidden };
}

/** Exit 0: authorized; 1: not; 2 and 3: after a password, which nobody could be asked for, or gave. pkcheck(1) */
async function askPolkit(host: HostSource, pid: number | null): Promise<LibvirtAccess['pkcheck']> {
  if (pid === null) return { state: 'absent' };
  const argv = ['pkcheck', '--action-id', MANAGE_ACTION, '--process', String(pid)];
  const result = await host.run(argv);
  if (result.state !== 'ok') return result;
  const { exitCode, stderr } = result.value;
  const answer = ANSWERS[exitCode];
  if (answer === undefined)
    return {
      state: 'unreadable',
      reason: 'failed',
      detail: `polkit does not answer: ${firstLine(stderr).replace(/^(?:Error [a-z ]{1,40}: )+/, '')}`,
    };
  return { state: 'ok', value: { argv: argv.join(' '), isAuthorized: exitCode === 0, answer } };
}

/** By exit code; what it prints is for programs (`polkit.retains_authorization_after_challenge=1`). */
const ANSWERS = ['authorized', 'not authorized', 'not without a password', 'not without a password'];

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 200);
}
