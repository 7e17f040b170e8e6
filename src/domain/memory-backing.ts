import { parseCpuset } from './cpuset.ts';
import { memoryKiB } from './memory-size.ts';
import { perRoot } from './per-root.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** One choice of a hugepage size: `<page>`, or `<hugepages>` itself when it has none. */
export interface PageChoice {
  readonly element: XmlElement;
  /** Null: the host's default size. NaN: it cannot be read. */
  readonly sizeKiB: number | null;
  /** Cells of the guest that it is for; null: those that no other choice names. Empty: libvirt cannot read the set. */
  readonly cells: readonly number[] | null;
}

/** What `<memoryBacking>` says. https://libvirt.org/formatdomain.html#memory-backing */
export interface MemoryBacking {
  readonly hugepages: XmlElement | null;
  /** Empty without `<hugepages>`. */
  readonly pages: readonly PageChoice[];
  /** `file`, `anonymous`, `memfd`; null: not said. */
  readonly source: string | null;
  /** `shared`, `private`; null: not said. */
  readonly access: string | null;
  /** `immediate`, `ondemand`; null: not said. */
  readonly allocation: string | null;
  readonly isLocked: boolean;
  /** No page of it is merged with one of another process (`<nosharepages/>`). */
  readonly isUnshared: boolean;
}

/** A guest with more choices of pages than this has two for the same cell; the rest is not looked at. */
const MOST_CHOICES = 128;

/** QEMU has 128 at most (MAX_NODES). */
const MOST_CELLS = 256;

/** Pages of this size are no hugepages: libvirt takes the choice for none. */
export const ORDINARY_PAGE_KIB = 4;

/** Reads `<memoryBacking>`. */
export const memoryBackingOf = perRoot(readMemoryBacking);

function readMemoryBacking(domain: XmlElement): MemoryBacking {
  const backing = first(domain, 'memoryBacking');
  const hugepages = first(backing, 'hugepages') ?? null;
  return {
    hugepages,
    pages: hugepages === null ? [] : pageChoices(hugepages, all(domain, 'cpu', 'numa', 'cell').length === 0),
    source: attribute(first(backing, 'source'), 'type'),
    access: attribute(first(backing, 'access'), 'mode'),
    allocation: attribute(first(backing, 'allocation'), 'mode'),
    isLocked: first(backing, 'locked') !== undefined,
    isUnshared: first(backing, 'nosharepages') !== undefined,
  };
}

/** Without cells libvirt takes `nodeset='0'` for all of the guest (virDomainDefPostParseMemtune). */
function pageChoices(hugepages: XmlElement, isWithoutCells: boolean): readonly PageChoice[] {
  const pages = all(hugepages, 'page');
  if (pages.length === 0) return [{ element: hugepages, sizeKiB: null, cells: null }];
  return pages.slice(0, MOST_CHOICES).map((element) => {
    const nodeset = attribute(element, 'nodeset');
    const cells = nodeset === null ? null : (parseCpuset(nodeset)?.slice(0, MOST_CELLS) ?? []);
    const isAll = cells === null || (isWithoutCells && cells.length === 1 && cells[0] === 0);
    const sizeKiB = memoryKiB(attribute(element, 'size') ?? '', attribute(element, 'unit')) ?? Number.NaN;
    return { element, sizeKiB, cells: isAll ? null : cells };
  });
}
