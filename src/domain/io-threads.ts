import { perRoot } from './per-root.ts';
import { wholeNumber } from './whole-number.ts';
import { all, attribute, first, textAt, type XmlElement } from './xml.ts';

/** The I/O threads of a domain. */
export interface IoThreads {
  readonly count: number;
  /** Their numbers, sorted; at most {@link MOST_IDS} of them. */
  readonly ids: readonly number[];
  /** Of any number, also beyond what `ids` lists. */
  has(id: number): boolean;
}

/** Far above what a host has use for. */
const MOST_IDS = 1024;

/**
 * The threads of `<iothreads>` and `<iothreadids>`: libvirt gives those without an id the lowest free numbers from 1 on, and
 * makes as many as the larger of the two says. https://libvirt.org/formatdomain.html#iothreads-allocation
 */
export const ioThreadsOf = perRoot((root): IoThreads => {
  const ids = all(root, 'iothreadids', 'iothread').flatMap((thread) => wholeNumber(attribute(thread, 'id')) || []);
  const named = new Set(ids);
  const count = Math.max(wholeNumber(textAt(root, 'iothreads')) ?? 0, named.size);
  const sorted = [...named].toSorted((a, b) => a - b);
  const unnamed = count - named.size;
  return {
    count,
    ids: idsOf(sorted, count),
    has(id) {
      if (named.has(id)) return true;
      // Its place among the numbers that nobody names.
      const below = sorted.findIndex((taken) => taken > id);
      return id >= 1 && id - (below === -1 ? sorted.length : below) <= unnamed;
    },
  };
});

function idsOf(named: readonly number[], count: number): readonly number[] {
  const ids = new Set(named.slice(0, MOST_IDS));
  const wanted = Math.min(count, MOST_IDS);
  for (let id = 1; ids.size < wanted; id += 1) ids.add(id);
  return [...ids].toSorted((a, b) => a - b);
}

/** Where a disk or controller asks for a thread, and for which; `id` null when it is no number that libvirt takes. */
export interface IoThreadUse {
  readonly element: XmlElement;
  readonly attribute: string;
  readonly written: string;
  readonly id: number | null;
}

/** The threads that the `<driver>` of a disk or controller names: one as an attribute, or since libvirt 10.0 several as elements. */
export function ioThreadsUsed(driver: XmlElement | undefined): readonly IoThreadUse[] {
  if (driver === undefined) return [];
  return [...use(driver, 'iothread'), ...all(first(driver, 'iothreads'), 'iothread').flatMap((thread) => use(thread, 'id'))];
}

function use(element: XmlElement, name: string): readonly IoThreadUse[] {
  const written = attribute(element, name);
  return written === null ? [] : [{ element, attribute: name, written, id: wholeNumber(written) || null }];
}
