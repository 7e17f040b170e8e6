import type { XmlElement } from '../../domain/xml.ts';
import type { Tree } from '../tree.ts';
import { describe } from './describe.ts';
import { standingOf } from './differences.ts';
import { type Item, nameOf, valueOf } from './item.ts';
import { isList } from './lists.ts';
import type { Shape } from './shape.ts';
import { fieldAt, type Place, placeWithin, ROOT_PLACE } from './words.ts';

/** Far above what a person would read. */
const MOST = 50;

/**
 * What a live definition has beside everything that is wanted, in words: devices, elements of lists, and settings that change how
 * the VM or network runs. What libvirt adds by itself is left out, and so is what goes because it was wanted before.
 */
export function unmanagedOf(desired: Tree, live: XmlElement, previous: Shape | null = null): readonly string[] {
  const { kept, removed } = standingOf(desired, live, previous);
  const found: string[] = [];
  const look = (element: XmlElement, path: string, place: Place): void => {
    for (const child of element.children) {
      const below = `${path}/${nameOf(child)}`;
      const where = placeWithin(place, below, child);
      if (kept.has(child)) look(child, below, where);
      else if (!removed.has(child) && isTold(below, child)) found.push(told(below, child, where));
    }
  };
  look(live, desired.name, ROOT_PLACE);
  return found.length <= MOST ? found : [...found.slice(0, MOST), `${found.length - MOST} more`];
}

function told(path: string, item: Item, place: Place): string {
  const [field, description] = [fieldAt(place, path), describe(path, item)];
  return description === '' ? field : `${field} (${description})`;
}

/** Settings that are no lists. */
const SETTINGS = new Set(
  (
    'memtune blkiotune numatune cputune iothreads iothreadids memoryBacking sysinfo idmap pm perf launchSecurity keywrap throttlegroups ' +
    'qemu:commandline qemu:override qemu:capabilities qemu:deprecation'
  ).split(' '),
);
const NETWORK_SETTINGS = new Set(['forward', 'dns', 'bandwidth', 'domain', 'vlan', 'virtualport', 'ip/dhcp']);

/** What libvirt adds to a definition, or to the firmware and the CPU of one. */
const OWN: ReadonlyMap<string, (item: Item) => boolean> = new Map<string, (item: Item) => boolean>([
  ['domain/devices/emulator', () => true],
  ['domain/devices/controller', () => true],
  ['domain/devices/audio', () => true],
  ['domain/devices/memballoon', () => true],
  ['domain/devices/console', () => true],
  ['domain/devices/video', () => true],
  ['domain/devices/input', (input) => valueOf(input, 'bus') === 'ps2'],
  ['domain/devices/watchdog', (watchdog) => valueOf(watchdog, 'model') === 'itco'],
  ['domain/os/boot', () => true],
  ['domain/os/firmware/feature', () => true],
  ['domain/seclabel', (label) => (valueOf(label, 'type') ?? 'dynamic') === 'dynamic'],
]);

function isTold(path: string, item: Item): boolean {
  if (OWN.get(path)?.(item) === true) return false;
  if (isList(path) || /^domain\/devices\/[^/]+$/.test(path)) return true;
  const [root = '', ...rest] = path.split('/');
  return (root === 'domain' ? SETTINGS : NETWORK_SETTINGS).has(rest.join('/'));
}
