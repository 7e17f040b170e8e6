import { memoryBackingOf, ORDINARY_PAGE_KIB, type PageChoice } from './memory-backing.ts';
import { sizeAttribute, sizeOf } from './memory-size.ts';
import { boundNodes, type NumaTune, numaTuneOf } from './numatune.ts';
import { perRoot } from './per-root.ts';
import { all, attribute, first, textAt, type XmlElement } from './xml.ts';

/** A piece of the guest's memory that the host backs in one way. */
export interface MemoryPart {
  /** What says how large it is, or which pages it gets. */
  readonly element: XmlElement;
  readonly kib: number;
  /** The host's default size is null, as in `<hugepages/>`. */
  readonly pages: 'ordinary' | { readonly sizeKiB: number | null; readonly element: XmlElement };
  /** Nodes of the host that it has to come from; null: any. */
  readonly nodes: readonly number[] | null;
}

/** A `<memory>` device: what is plugged in beside the memory that the guest starts with. */
interface MemoryModule {
  readonly element: XmlElement;
  /** `dimm`, `nvdimm`, `virtio-mem`, `virtio-pmem`, `sgx-epc`. */
  readonly model: string;
  readonly kib: number;
}

/** The memory that QEMU gets, in KiB. */
export interface GuestMemory {
  /** With the modules. What libvirt calls the memory of the domain. */
  readonly totalKiB: number;
  /** The sum of the NUMA cells, which replaces what `<memory>` says; null without cells. */
  readonly cellsKiB: number | null;
  readonly modules: readonly MemoryModule[];
  /** What takes memory of the host, in pieces; a module in a file does not. */
  readonly parts: readonly MemoryPart[];
}

/** libvirt rounds sizes up to whole MiB on x86 (qemuDomainGetMemorySizeAlignment). */
const ALIGNMENT_KIB = 1024;

/** Null: libvirt cannot read a size that matters, or there is no memory at all. */
export const guestMemoryOf = perRoot(readGuestMemory);

function readGuestMemory(domain: XmlElement): GuestMemory | null {
  const modules = modulesOf(domain);
  const cells = cellsOf(domain);
  if (modules === null || cells === null) return null;
  const modulesKiB = modules.reduce((sum, { kib }) => sum + kib, 0);
  const cellsKiB = cells.length === 0 ? null : cells.reduce((sum, { kib }) => sum + kib, 0);
  const memory = sizeOf(first(domain, 'memory'));
  const written = memory === undefined ? 0 : memory.kib;
  if (cellsKiB === null && (written === null || written - modulesKiB <= 0)) return null;
  const initialKiB = cellsKiB ?? aligned((written ?? 0) - modulesKiB);
  if (initialKiB <= 0) return null;
  const whole = { element: first(domain, 'memory') ?? domain, kib: initialKiB, number: null };
  return { totalKiB: initialKiB + modulesKiB, cellsKiB, modules, parts: partsOf(domain, cells.length === 0 ? [whole] : cells, modules) };
}

interface Cell {
  readonly element: XmlElement;
  readonly kib: number;
  /** Null: the guest has no cells, this is all of it. */
  readonly number: number | null;
}

/** Cells without an `id` are numbered in their order. */
function cellsOf(domain: XmlElement): readonly Cell[] | null {
  const cells = all(domain, 'cpu', 'numa', 'cell').map((element, index) => {
    const id = attribute(element, 'id') ?? String(index);
    return {
      element,
      number: /^\d{1,4}$/.test(id) ? Number(id) : index,
      kib: aligned(sizeAttribute(element, 'memory')?.kib ?? Number.NaN),
    };
  });
  return cells.some(({ kib }) => Number.isNaN(kib)) ? null : cells;
}

function modulesOf(domain: XmlElement): readonly MemoryModule[] | null {
  const modules = all(domain, 'devices', 'memory').map((element) => ({
    element,
    model: attribute(element, 'model') ?? '',
    kib: aligned(sizeOf(first(element, 'target', 'size'))?.kib ?? Number.NaN),
  }));
  return modules.some(({ kib }) => Number.isNaN(kib)) ? null : modules;
}

function aligned(kib: number): number {
  return Math.ceil(kib / ALIGNMENT_KIB) * ALIGNMENT_KIB;
}

/** As qemuBuildMemoryGetPagesize chooses: a page size for the cell, else that for all, else ordinary pages. */
function partsOf(domain: XmlElement, cells: readonly Cell[], modules: readonly MemoryModule[]): readonly MemoryPart[] {
  const { pages } = memoryBackingOf({ root: domain });
  const numatune = numaTuneOf({ root: domain });
  const choiceFor = choicesByCell(pages);
  const initial = cells.map(({ element, kib, number }) => {
    const choice = choiceFor(number);
    return { element, kib, pages: backed(choice?.element, choice?.sizeKiB), nodes: nodesFor(numatune, number) };
  });
  const plugged = modules.flatMap((module): MemoryPart[] => {
    if (!['dimm', 'virtio-mem'].includes(module.model)) return [];
    const own = sizeOf(first(module.element, 'source', 'pagesize'));
    const target = textAt(module.element, 'target', 'node') ?? '';
    const cell = /^\d{1,4}$/.test(target) ? Number(target) : null;
    const choice = choiceFor(cell);
    const asked = module.model === 'dimm' ? module.kib : (sizeOf(first(module.element, 'target', 'requested'))?.kib ?? module.kib);
    const how = own === undefined ? backed(choice?.element, choice?.sizeKiB) : backed(module.element, own.kib ?? Number.NaN);
    return [{ element: module.element, kib: asked, pages: how, nodes: nodesFor(numatune, cell) }];
  });
  return [...initial, ...plugged];
}

function choicesByCell(pages: readonly PageChoice[]): (cell: number | null) => PageChoice | undefined {
  const master = pages.find(({ cells }) => cells === null);
  const named = new Map(pages.toReversed().flatMap((page) => (page.cells ?? []).map((cell) => [cell, page] as const)));
  return (cell) => (cell === null ? undefined : named.get(cell)) ?? master;
}

function backed(element: XmlElement | undefined, sizeKiB: number | null | undefined): MemoryPart['pages'] {
  if (element === undefined || sizeKiB === undefined || sizeKiB === ORDINARY_PAGE_KIB) return 'ordinary';
  return { sizeKiB, element };
}

function nodesFor({ memory, cells }: NumaTune, cell: number | null): readonly number[] | null {
  return boundNodes((cell === null ? undefined : cells.get(cell)) ?? memory);
}

/** The part of the memory that ordinary pages back, in KiB. */
export function ordinaryKiB({ parts }: GuestMemory): number {
  return parts.reduce((sum, { kib, pages }) => sum + (pages === 'ordinary' ? kib : 0), 0);
}

/** KiB in whole pages by page size; parts of the default size count under `defaultSizeKiB`, those whose size is not known not at all. */
export function pagedKiB({ parts }: GuestMemory, defaultSizeKiB: number | null): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const { kib, pages } of parts) {
    const sizeKiB = pages === 'ordinary' ? null : (pages.sizeKiB ?? defaultSizeKiB);
    if (sizeKiB === null || !(sizeKiB > 0)) continue;
    sums.set(sizeKiB, (sums.get(sizeKiB) ?? 0) + Math.ceil(kib / sizeKiB) * sizeKiB);
  }
  return sums;
}
