import type { XmlElement } from '../../domain/xml.ts';
import type { Tree } from '../tree.ts';
import { below, valueOf } from './item.ts';

/** Something of the live definition that cannot stay: an element, one of its attributes, or its text. */
export interface Leaving {
  /** From the element that the rule is about, which is left out, to the one that it concerns; empty where that is the same. */
  readonly way: readonly XmlElement[];
  readonly attribute: string | null;
  readonly isText: boolean;
}

interface Rule {
  readonly when: RegExp;
  readonly goes: readonly string[];
  /** What goes is like this. */
  readonly only?: (element: XmlElement) => boolean;
}

/**
 * What libvirt refuses, or understands otherwise, beside something that changed (seen on libvirt 9.0, but for the firmware).
 * Places are counted from the element: `target@bus` changes, `address` goes. What is wanted never goes.
 */
const RULES: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
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
      // The port of a drive is in its name: another may get the name, and with it the port.
      { when: /^target@dev$/, goes: ['address'], only: (address) => valueOf(address, 'type') === 'drive' },
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
  return rules.flatMap(({ when, goes, only = () => true }) => {
    if (!places.some((place) => when.test(place))) return [];
    return goes.flatMap((place) => leaving(place, desired, live)).filter(({ way }) => only(way.at(-1) ?? live));
  });
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
export function wayTo(live: XmlElement, path: readonly string[]): readonly XmlElement[] | null {
  const way: XmlElement[] = [];
  for (const name of path) {
    const next = below(way.at(-1) ?? live, name);
    if (next === undefined) return null;
    way.push(next);
  }
  return way;
}
