import { ABSENT, ok, type Reading } from '../host/reading.ts';
import type { FileStat, HostSource } from '../host/source.ts';
import { confText } from '../libvirt/conf.ts';
import { type Accounts, accounts } from './accounts.ts';
import { type Attempt, defineFact } from './fact.ts';
import type { Credentials } from './permissions.ts';
import { type Distribution, platform } from './platform.ts';
import { type QemuConf, qemuConf } from './qemu-conf.ts';
import { optionalText, readText } from './read.ts';

type SwtpmTool = 'swtpm' | 'swtpm_setup' | 'swtpm_ioctl';

/** The software TPM as libvirt would start it. */
export interface Swtpm {
  /** Path of each program; absent: in none of `searched`. */
  readonly tools: Readonly<Record<SwtpmTool, Reading<string>>>;
  /** Where libvirt's daemon looks for programs, in its order. */
  readonly searched: readonly string[];
  /** The program that signs the certificate of a new TPM, and whether it is there; null when none is configured. */
  readonly certificateTool: { readonly path: string; readonly file: Reading<FileStat> } | null;
  /** Where that program keeps its key, with the folder itself or the nearest one above that exists; null when not configured. */
  readonly stateFolder: { readonly path: string; readonly existing: string; readonly stat: Reading<FileStat> } | null;
  /** The user that libvirt runs swtpm as; null when its configuration cannot be read. */
  readonly user: (Credentials & { readonly name: string }) | null;
}

/** What systemd gives a service that says nothing else. systemd.exec(5) */
const DEFAULT_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const UNITS = ['libvirtd', 'virtqemud'];

/** swtpm as files show it: nothing is run, for libvirt needs no certain version. libvirt src/util/virtpm.c */
export const swtpm = defineFact({
  id: 'swtpm',
  wants: { accounts, platform, qemuConf },
  collect(host, facts): Swtpm {
    const { tools, searched } = swtpmTools(host, facts.platform.ok ? facts.platform.value.distribution : null);
    const certificateTool = configured(host, '/etc/swtpm_setup.conf', 'create_certs_tool');
    const stateFolder = configured(host, '/etc/swtpm-localca.conf', 'statedir');
    return {
      tools,
      searched,
      certificateTool: certificateTool === null ? null : { path: certificateTool, file: host.stat(certificateTool) },
      stateFolder: stateFolder === null ? null : nearest(host, stateFolder),
      user:
        facts.platform.ok && facts.platform.value.hasOwnVms === true
          ? { name: 'root', uid: 0, gids: [0] }
          : swtpmUser(facts.qemuConf, facts.accounts),
    };
  },
});

/** The programs alone, which cost least to look for. */
export function swtpmTools(host: HostSource, distribution: Distribution | null): Pick<Swtpm, 'tools' | 'searched'> {
  const searched = distribution === 'nixos' ? nixosPath(host) : DEFAULT_PATH;
  return {
    tools: {
      swtpm: findProgram(host, searched, 'swtpm'),
      swtpm_setup: findProgram(host, searched, 'swtpm_setup'),
      swtpm_ioctl: findProgram(host, searched, 'swtpm_ioctl'),
    },
    searched,
  };
}

/** NixOS has no common folder of programs: each unit is given the store paths it needs. */
function nixosPath(host: HostSource): string[] {
  const files = UNITS.flatMap((unit) => [`/etc/systemd/system/${unit}.service`, ...dropIns(host, `/etc/systemd/system/${unit}.service.d`)]);
  return [...new Set(files.flatMap((file) => parseUnitPath(optionalText(host, file) ?? '')))];
}

function dropIns(host: HostSource, folder: string): string[] {
  const names = host.list(folder);
  return names.state === 'ok' ? names.value.filter((name) => name.endsWith('.conf')).map((name) => `${folder}/${name}`) : [];
}

/** The folders of `Environment="PATH=…"` in a unit file. */
export function parseUnitPath(unit: string): string[] {
  return unit
    .split('\n')
    .flatMap((line) => /^Environment="?PATH=([^"]*)"?\s*$/.exec(line)?.[1]?.split(':') ?? [])
    .filter((folder) => folder.startsWith('/'));
}

function nearest(host: HostSource, path: string): NonNullable<Swtpm['stateFolder']> {
  let existing = path;
  while (existing !== '/' && host.stat(existing).state === 'absent') existing = existing.slice(0, existing.lastIndexOf('/')) || '/';
  return { path, existing, stat: host.stat(existing) };
}

/** The first executable file of that name. One folder that cannot be looked at leaves the answer open. */
function findProgram(host: HostSource, folders: readonly string[], name: string): Reading<string> {
  let hidden: Reading<never> | undefined;
  for (const folder of folders) {
    const stat = host.stat(`${folder}/${name}`);
    if (stat.state === 'ok' && stat.value.kind === 'file' && (stat.value.mode & 0o111) !== 0) return ok(`${folder}/${name}`);
    if (stat.state === 'unreadable') hidden ??= stat;
  }
  return hidden ?? ABSENT;
}

/** An absolute path from a file of `name = value` lines; null when it is not there, or hidden: it only adds to the picture. */
function configured(host: HostSource, file: string, name: string): string | null {
  const text = readText(host, file);
  const value = text.state === 'ok' ? parseSetting(text.value, name) : null;
  return value?.startsWith('/') ? value : null;
}

/** The last `name = value` of a file, as swtpm_setup.conf(5) and swtpm-localca.conf(5) have them. */
export function parseSetting(text: string, name: string): string | null {
  const values = text.split('\n').flatMap((line) => {
    const cut = line.indexOf('=');
    return cut !== -1 && line.slice(0, cut).trim() === name ? [line.slice(cut + 1).trim()] : [];
  });
  return values.at(-1) || null;
}

/** `swtpm_user` of qemu.conf, else tss, else root. libvirt src/qemu/qemu_conf.c, virQEMUDriverConfigNew */
function swtpmUser(conf: Attempt<QemuConf>, known: Attempt<Accounts>): Swtpm['user'] {
  if (!conf.ok || !known.ok) return null;
  const { users, groups } = known.value;
  const named = confText(conf.value, 'swtpm_user');
  const user = users.find(({ name }) => name === (named ?? 'tss'));
  if (user === undefined) return named === null ? { name: 'root', uid: 0, gids: [0] } : null;
  const group = groups.find(({ name }) => name === (confText(conf.value, 'swtpm_group') ?? 'tss'));
  const listed = groups.filter(({ members }) => members.includes(user.name)).map(({ gid }) => gid);
  return { name: user.name, uid: user.uid, gids: [group?.gid ?? user.gid, ...listed] };
}
