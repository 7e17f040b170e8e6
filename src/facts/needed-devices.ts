import { ok, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { controllerOf } from './disks.ts';
import { type Attempt, defineFact } from './fact.ts';
import { type Mount, mounts } from './mounts.ts';
import { passthrough } from './passthrough.ts';
import { optionalText } from './read.ts';

/** What the host does with a device that a virtual machine is given besides its GPU. */
export interface DeviceNeed {
  readonly address: string;
  /** `disk`: a mounted file system or swap lies on it; `network`: the default route leaves through it. */
  readonly kind: 'disk' | 'network';
  /** A path that the user can look at. */
  readonly source: string;
  readonly observed: string;
}

/** Needs of the host that hang on devices of virtual machines. */
export interface NeededDevices {
  /** Passed devices that belong to no GPU, sorted. */
  readonly others: readonly string[];
  readonly needs: readonly DeviceNeed[];
  /** Mounted or routed over something whose hardware could not be followed. */
  readonly unseen: readonly { readonly source: string; readonly reason: string }[];
}

/** Drives and network cards that are given away although the host stands on them. Looks only when there is such a device. */
export const neededDevices = defineFact({
  id: 'neededDevices',
  needs: { passthrough },
  wants: { mounts },
  collect(host, facts): NeededDevices {
    const ofGpus = new Set(facts.passthrough.gpus.flatMap(({ functions }) => functions.map(({ address }) => address)));
    const others = facts.passthrough.devices.filter((address) => !ofGpus.has(address));
    return neededOf(host, facts.mounts, others);
  },
});

/** What the host does with drives and network cards at these addresses. Throws the error of `mounts` where it has to ask. */
export function neededOf(host: HostSource, mounted: Attempt<readonly Mount[]>, others: readonly string[]): NeededDevices {
  if (others.length === 0) return { others, needs: [], unseen: [] };
  if (!mounted.ok) throw mounted.error;
  const disks = mounted.value
    .filter(({ source }) => source.startsWith('/dev/'))
    .map(({ source, target }) => ({ kind: 'disk' as const, path: source, observed: `${source} is mounted on ${target}` }));
  const swaps = parseSwaps(optionalText(host, '/proc/swaps') ?? '').map((path) => ({
    kind: 'disk' as const,
    path,
    observed: `${path} is swap`,
  }));
  const routes = defaultInterfaces(optionalText(host, '/proc/net/route') ?? '').map((name) => ({
    kind: 'network' as const,
    path: `/sys/class/net/${name}`,
    observed: `the default route leaves through ${name}`,
  }));
  return { others, ...resolve(host, [...disks, ...swaps, ...routes], others) };
}

type Use = Omit<DeviceNeed, 'address' | 'source'> & { readonly path: string };

function resolve(host: HostSource, uses: readonly Use[], others: readonly string[]): Pick<NeededDevices, 'needs' | 'unseen'> {
  const needs: DeviceNeed[] = [];
  const unseen: { source: string; reason: string }[] = [];
  for (const { kind, path, observed } of uses) {
    const hardware = kind === 'disk' ? controllersOfBlock(host, path) : controllersOfInterface(host, path);
    const source = kind === 'disk' ? '/proc/self/mounts, /proc/swaps' : '/proc/net/route';
    if (hardware.state === 'unreadable') unseen.push({ source: path, reason: hardware.detail });
    for (const address of hardware.state === 'ok' ? new Set(hardware.value) : [])
      if (others.includes(address)) needs.push({ address, kind, source, observed });
  }
  return { needs, unseen };
}

/** Device mapper, LUKS, LVM and RAID stand on other block devices; deeper than this nobody stacks them. */
const MOST_LAYERS = 8;

function controllersOfBlock(host: HostSource, device: string): Reading<readonly string[]> {
  const real = host.real(device);
  if (real.state === 'unreadable') return real;
  const path = real.state === 'ok' ? real.value : device;
  return follow(host, `/sys/class/block/${path.slice(path.lastIndexOf('/') + 1)}`, 'slaves', MOST_LAYERS);
}

function controllersOfInterface(host: HostSource, folder: string): Reading<readonly string[]> {
  return follow(host, folder, 'lower_', MOST_LAYERS);
}

/** The PCI devices below an entry of /sys/class: its own, or those of what it stands on. */
function follow(host: HostSource, entry: string, below: 'slaves' | 'lower_', layers: number): Reading<readonly string[]> {
  const real = host.real(entry);
  if (real.state === 'unreadable') return real;
  if (real.state === 'absent' || layers === 0) return ok([]);
  const own = controllerOf(real.value);
  if (own !== null) return ok([own]);
  const listed = host.list(below === 'slaves' ? `${entry}/slaves` : entry);
  if (listed.state !== 'ok') return listed.state === 'absent' ? ok([]) : listed;
  const names =
    below === 'slaves' ? listed.value : listed.value.flatMap((name) => (name.startsWith(below) ? [name.slice(below.length)] : []));
  const parent = entry.slice(0, entry.lastIndexOf('/'));
  const found: string[] = [];
  for (const name of names) {
    const deeper = follow(host, `${parent}/${name}`, below, layers - 1);
    if (deeper.state === 'unreadable') return deeper;
    if (deeper.state === 'ok') found.push(...deeper.value);
  }
  return ok(found);
}

/** The block devices of /proc/swaps; files lie on a mounted file system. proc_swaps(5) */
export function parseSwaps(text: string): string[] {
  return text.split('\n').flatMap((line) => /^(\/dev\/\S{1,255})\s+partition\s/.exec(line)?.[1] ?? []);
}

/** The interfaces of /proc/net/route with destination and mask 0. proc_net_route: `Iface Destination Gateway Flags … Mask …` */
export function defaultInterfaces(text: string): string[] {
  const names = text.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/);
    return words[1] === '00000000' && words[7] === '00000000' && words[0] !== undefined && /^[\w.:@-]{1,15}$/.test(words[0])
      ? [words[0]]
      : [];
  });
  return [...new Set(names)];
}
