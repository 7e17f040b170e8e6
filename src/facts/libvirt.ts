import { ABSENT, ok, type Reading } from '../host/reading.ts';
import type { FileStat, HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { type LibvirtObjects, libvirtObjects } from './libvirt-objects.ts';
import { platform } from './platform.ts';
import { findProgram } from './program-path.ts';
import { readText, valueOrNull } from './read.ts';

/** One daemon for everything, or one for each driver. https://libvirt.org/daemons.html */
export type LibvirtMode = 'monolithic' | 'modular';

/** The socket through which VMs are managed. */
export interface LibvirtSocket {
  readonly path: string;
  readonly mode: LibvirtMode;
  readonly stat: FileStat;
}

/** How libvirt is set up on this host, and whether it answers. */
export interface Libvirt {
  readonly uri: string;
  /** Null: neither socket nor program nor unit tells. */
  readonly mode: LibvirtMode | null;
  /** Program or unit of its daemon; absent: not installed. */
  readonly daemon: Reading<string>;
  /** Of qemu:///system. */
  readonly socket: Reading<LibvirtSocket>;
  /** Does anything listen on that socket (systemd does for a daemon that is not started yet)? Of qemu:///system. */
  readonly isListening: Reading<boolean>;
  readonly answer: LibvirtAnswer;
  /** Of the client library, `9.0.0` without the last number; null when unknown. */
  readonly version: readonly [number, number] | null;
}

/** What came of asking libvirt; the objects themselves are other facts. */
export type LibvirtAnswer = { readonly source: string } & (
  | { readonly state: 'read' | 'no-virsh' }
  | { readonly state: 'unreachable'; readonly reason: string }
  | { readonly state: 'could-not-look'; readonly reason: string; readonly hint: string }
);

/** Monolithic or modular, its socket, and whether it answers this user. */
export const libvirt = defineFact({
  id: 'libvirt',
  needs: { libvirtObjects },
  wants: { platform },
  collect(host, facts, { config }): Libvirt {
    const listeners = listeningSockets(host);
    const socket = findSocket(host, listeners);
    const daemons = { modular: findDaemon(host, 'virtqemud'), monolithic: findDaemon(host, 'libvirtd') };
    const mode =
      socket.state === 'ok' ? socket.value.mode : modeOf(host, daemons, facts.platform.ok ? facts.platform.value.distribution : null);
    return {
      uri: config.connection,
      mode,
      daemon: mode === null ? firstOf(daemons.modular, daemons.monolithic) : daemons[mode],
      socket,
      isListening: listeners.state === 'ok' ? ok(SOCKETS.some(({ name }) => listeners.value.has(name))) : listeners,
      answer: answerOf(facts.libvirtObjects),
      version: libraryVersion(host),
    };
  },
});

/** In the order in which libvirt's client tries them. */
const SOCKETS = [
  { name: 'virtqemud-sock', mode: 'modular' },
  { name: 'libvirt-sock', mode: 'monolithic' },
] as const;
const SOCKET_FOLDERS = ['/run/libvirt', '/var/run/libvirt'];

/** A modular host can have `libvirt-sock` too (virtproxyd), and a socket file can be left behind: one with a listener counts first. */
function findSocket(host: HostSource, listeners: Reading<ReadonlySet<string>>): Reading<LibvirtSocket> {
  const found: (LibvirtSocket & { name: string })[] = [];
  let hidden: Reading<never> = ABSENT;
  for (const { name, mode } of SOCKETS) {
    for (const folder of SOCKET_FOLDERS) {
      const path = `${folder}/${name}`;
      const stat = host.stat(path);
      if (stat.state === 'ok') found.push({ name, path, mode, stat: stat.value });
      if (stat.state === 'unreadable') hidden = stat;
    }
  }
  const active = listeners.state === 'ok' ? found.find(({ name }) => listeners.value.has(name)) : undefined;
  const chosen = active ?? found[0];
  return chosen === undefined ? hidden : ok({ path: chosen.path, mode: chosen.mode, stat: chosen.stat });
}

function listeningSockets(host: HostSource): Reading<ReadonlySet<string>> {
  const text = readText(host, '/proc/net/unix', 16 * 1024 * 1024);
  return text.state === 'ok' ? ok(parseListeningSockets(text.value)) : text;
}

/**
 * File names under a folder `libvirt` of /run on which something listens: lines of /proc/net/unix with the flag
 * SO_ACCEPTCON (0x10000), type and state in hexadecimal. proc_net(5)
 */
export function parseListeningSockets(text: string): Set<string> {
  const names = new Set<string>();
  for (const line of text.split('\n')) {
    const match =
      /^[0-9a-f]{1,16}: [0-9A-F]{8} [0-9A-F]{8} ([0-9A-F]{8}) [0-9A-F]{4} [0-9A-F]{2} +\d{1,20} (?:\/var)?\/run\/libvirt\/([\w-]+)$/.exec(
        line.slice(0, 300),
      );
    if (match !== null && (Number.parseInt(match[1] ?? '', 16) & 0x10000) !== 0) names.add(match[2] ?? '');
  }
  return names;
}

const UNIT_FOLDERS = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];

function findDaemon(host: HostSource, name: string): Reading<string> {
  const program = findProgram(host, [name]);
  const units = UNIT_FOLDERS.map((folder) => `${folder}/${name}.service`).map((path): Reading<string> => {
    const stat = host.stat(path);
    return stat.state === 'ok' ? ok(path) : stat;
  });
  return firstOf(program, ...units);
}

function firstOf(...readings: readonly Reading<string>[]): Reading<string> {
  return readings.find(({ state }) => state === 'ok') ?? readings.find(({ state }) => state === 'unreadable') ?? ABSENT;
}

/** Ubuntu has the programs of the modular daemons, and no units that start them. */
const MONOLITHIC: readonly (string | null)[] = ['debian', 'ubuntu', 'proxmox'];

/** Where both are installed, what starts at boot decides, then the distribution; libvirt's own default is modular. */
function modeOf(
  host: HostSource,
  daemons: Readonly<Record<LibvirtMode, Reading<string>>>,
  distribution: string | null,
): LibvirtMode | null {
  const [modular, monolithic] = [daemons.modular.state === 'ok', daemons.monolithic.state === 'ok'];
  if (modular && monolithic) {
    const isEnabled = (name: string): boolean =>
      [`sockets.target.wants/${name}.socket`, `multi-user.target.wants/${name}.service`].some(
        (unit) => host.link(`/etc/systemd/system/${unit}`).state === 'ok',
      );
    if (isEnabled('libvirtd')) return 'monolithic';
    return MONOLITHIC.includes(distribution) && !isEnabled('virtqemud') ? 'monolithic' : 'modular';
  }
  if (modular) return 'modular';
  return monolithic ? 'monolithic' : null;
}

function answerOf(objects: LibvirtObjects): LibvirtAnswer {
  const { source } = objects;
  if (objects.state === 'unreachable') return { source, state: objects.state, reason: objects.reason };
  if (objects.state === 'could-not-look') return { source, state: objects.state, reason: objects.reason, hint: objects.hint };
  return { source, state: objects.state };
}

const LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib'].map((folder) => `${folder}/libvirt.so.0`);

/** `libvirt.so.0` links to `libvirt.so.0.9000.0` for 9.0, to `libvirt.so.0.11003.0` for 11.3. */
function libraryVersion(host: HostSource): readonly [number, number] | null {
  for (const path of LIBRARIES) {
    const match = /^libvirt\.so\.0\.(\d{1,3})(\d{3})\.\d+$/.exec(valueOrNull(host.link(path)) ?? '');
    if (match !== null) return [Number(match[1]), Number(match[2])];
  }
  return null;
}
