import type { XmlElement } from '../../domain/xml.ts';
import type { Tree } from '../tree.ts';
import { below, childrenOf, valueOf } from './item.ts';

/** Something of the live definition that cannot stay: an element, one of its attributes, or its text. */
export interface Leaving {
  /** From the element that the rule is about, which is left out, to the one that it concerns; empty where that is the same. */
  readonly way: readonly XmlElement[];
  readonly attribute: string | null;
  readonly isText: boolean;
}

/**
 * What libvirt refuses, or understands otherwise, beside something that changed (seen on libvirt 9.0, but for the firmware).
 * Places are counted from the element: `target@bus` changes, `address` goes. What is wanted never goes.
 */
const RULES: ReadonlyMap<string, readonly { readonly when: RegExp; readonly goes: readonly string[] }[]> = new Map([
  ['domain', [{ when: /^vcpu$/, goes: ['vcpus'] }]],
  [
    'domain/os',
    [
      // libvirt ≥ 9.2 keeps what it chose, and then finds nothing that fits both that and the new features.
      {
        when: /^(?:@firmware|firmware(?:$|\/.*))/,
        goes: ['loader', 'loader#', 'loader@readonly', 'loader@type', 'loader@format', 'nvram@template', 'nvram@templateFormat'],
      },
    ],
  ],
  ['domain/cpu', [{ when: /^@mode$/, goes: ['@match', '@check', '@migratable', 'model', 'vendor'] }]],
  ['domain/clock', [{ when: /^@offset$/, goes: ['@timezone', '@adjustment', '@basis', '@start'] }]],
  [
    'domain/devices/disk',
    [
      // A PCI address is none of a SATA disk.
      { when: /^target@bus$/, goes: ['address'] },
      { when: /^source@file$/, goes: ['source@dev', 'source@pool', 'source@volume', 'source@protocol', 'source@name', 'source@dir'] },
    ],
  ],
  [
    'domain/devices/interface',
    [
      { when: /^source@network$/, goes: ['source@bridge', 'source@dev', 'source@mode'] },
      { when: /^source@bridge$/, goes: ['source@network', 'source@portgroup', 'source@dev', 'source@mode'] },
    ],
  ],
  [
    'domain/devices/video',
    [
      {
        when: /^model@type$/,
        goes: ['model@ram', 'model@vram', 'model@vram64', 'model@vgamem', 'model@blob', 'model/acceleration', 'model/resolution', 'driver'],
      },
    ],
  ],
  ['domain/devices/tpm', [{ when: /^backend@type$/, goes: ['backend/device', 'backend/source'] }]],
  ['network/forward', [{ when: /^@mode$/, goes: ['nat'] }]],
]);

/** What has to go because of what changes in an element; `changed` are the whole paths. */
export function consequencesOf(path: string, desired: Tree, live: XmlElement, changed: readonly string[]): readonly Leaving[] {
  const rules = RULES.get(path);
  if (rules === undefined || changed.length === 0) return [];
  const places = changed.map((place) => place.slice(path.length).replace(/^\//, ''));
  const goes = rules.flatMap((rule) => (places.some((place) => rule.when.test(place)) ? rule.goes : []));
  return goes.flatMap((place) => leaving(place, desired, live));
}

/** `loader@type`, `loader#` (its text) or `loader`, where it is there and not wanted. */
function leaving(place: string, desired: Tree, live: XmlElement): readonly Leaving[] {
  const [, names = '', sign = '', attribute = ''] = /^([^@#]*)([@#]?)(.*)$/.exec(place) ?? [];
  const path = names === '' ? [] : names.split('/');
  const way = wayTo(live, path);
  const wanted = below(desired, ...path);
  if (way === null) return [];
  const element = way.at(-1) ?? live;
  if (sign === '') return wanted === undefined ? [{ way, attribute: null, isText: false }] : [];
  // The loader goes as a whole where none is wanted.
  if (names === 'loader' && wanted === undefined) return [];
  if (sign === '#') return element.text.trim() === '' || wanted?.text?.trim() ? [] : [{ way, attribute: null, isText: true }];
  const isThere = valueOf(element, attribute) !== null && valueOf(wanted, attribute) === null;
  return isThere ? [{ way, attribute, isText: false }] : [];
}

/** The first elements along a path; null where one is not there. */
function wayTo(live: XmlElement, path: readonly string[]): readonly XmlElement[] | null {
  const way: XmlElement[] = [];
  for (const name of path) {
    const next = below(way.at(-1) ?? live, name);
    if (next === undefined) return null;
    way.push(next);
  }
  return way;
}

/**
 * What contradicts a whole definition that is wanted by being there: where leaving out means something. `kept` has the live
 * elements that were found to be wanted.
 */
export function contradictionsOf(desired: Tree, live: XmlElement, kept: ReadonlySet<XmlElement>): readonly Leaving[] {
  if (desired.name === 'network') return below(desired, 'forward') === undefined ? whole(live, ['forward']) : [];
  if (desired.name !== 'domain') return [];
  return [...otherFirmware(desired, live), ...otherBootOrder(desired, live, kept), ...fewerVcpus(desired, live)];
}

function whole(live: XmlElement, path: readonly string[]): readonly Leaving[] {
  const way = wayTo(live, path);
  return way === null ? [] : [{ way, attribute: null, isText: false }];
}

/** No firmware is wanted: SeaBIOS, and that is no UEFI. */
function otherFirmware(desired: Tree, live: XmlElement): readonly Leaving[] {
  const wanted = below(desired, 'os');
  const os = below(live, 'os');
  if (wanted === undefined || os === undefined || valueOf(wanted, 'firmware') !== null || below(wanted, 'loader') !== undefined) return [];
  const isChosen = valueOf(os, 'firmware') === 'efi';
  if (!isChosen && valueOf(below(os, 'loader'), 'type') !== 'pflash') return [];
  const parts = ['firmware', 'loader', 'nvram'].flatMap((name) => whole(live, ['os', name]));
  return isChosen ? [{ way: [os], attribute: 'firmware', isText: false }, ...parts] : parts;
}

/** libvirt takes either an order of kinds or an order of devices, and each number once. */
function otherBootOrder(desired: Tree, live: XmlElement, kept: ReadonlySet<XmlElement>): readonly Leaving[] {
  const wanted = below(desired, 'devices')?.children ?? [];
  const orders = new Set(wanted.map((device) => valueOf(below(device, 'boot'), 'order')).filter((order) => order !== null));
  const isByKind = childrenOf(below(desired, 'os'), 'boot').length > 0;
  const [os, devices] = [below(live, 'os'), below(live, 'devices')];
  const found: (readonly XmlElement[])[] = [];
  if (os !== undefined && orders.size > 0) found.push(...childrenOf(os, 'boot').map((boot) => [os, boot]));
  for (const device of devices?.children ?? []) {
    const boot = below(device, 'boot');
    if (devices === undefined || boot === undefined || kept.has(boot)) continue;
    if (isByKind || orders.has(valueOf(boot, 'order') ?? '')) found.push([devices, device, boot]);
  }
  return found.map((way) => ({ way, attribute: null, isText: false }));
}

/** There are never more vCPUs at the start than there are. */
function fewerVcpus(desired: Tree, live: XmlElement): readonly Leaving[] {
  const element = below(live, 'vcpu');
  const current = Number(valueOf(element, 'current') ?? 0);
  const wanted = below(desired, 'vcpu');
  if (element === undefined || wanted === undefined || valueOf(wanted, 'current') !== null) return [];
  return current > Number(wanted.text ?? 0) ? [{ way: [element], attribute: 'current', isText: false }] : [];
}
