import { counted } from '../pinning/words.ts';
import type { Board, BoardCell, BoardCore } from './cpu-board.ts';
import type { Tenancy } from './cpu-tenants.ts';
import {
  absentText,
  cacheText,
  coresText,
  cpusText,
  hasCache,
  iothreadsText,
  largeText,
  numbersText,
  offText,
  siblingsText,
  tenantWords,
  vcpusText,
} from './cpu-words.ts';
import type { MachineVm } from './machine.ts';

/** Where a thread of a VM runs, in words; what is not known is empty. */
export interface ThreadPlace {
  /** `vCPU 0`; threads that follow each other and may run on the same CPUs stand together. */
  readonly thread: string;
  readonly cpus: string;
  /** The threads of its core, or how many cores it may run on. */
  readonly core: string;
  /** CPUs of its pin that nothing can run on. */
  readonly gone: string;
  readonly cache: string;
  readonly node: string;
  /** Who has the other threads of its cores. */
  readonly neighbours: string;
}

/** Where each thread of a VM runs, as tables show it: at most so many rows, and how many there are. Without a board only the CPUs are known. */
export function threadPlaces(
  { pins }: MachineVm,
  tenancy: Tenancy,
  { board, most }: { readonly board: Board | null; readonly most: number },
): { readonly rows: readonly ThreadPlace[]; readonly total: number } {
  const { groupOf, emulator } = tenancy;
  const runs = [
    ...merged(pins.vcpus, vcpusText, { groupOf, insteadOf: insteadFor(pins, 'vCPU') }),
    { thread: 'Emulator', cpus: emulator, instead: insteadFor(pins, 'emulator')(null) },
    ...merged(pins.iothreads, iothreadsText, { groupOf, insteadOf: insteadFor(pins, 'I/O thread') }),
  ];
  const rows = runs.slice(0, most).map(({ thread, cpus, instead }) => ({
    ...NOWHERE,
    thread,
    cpus: cpus === null ? instead : numbersText(cpus),
    ...(cpus === null || board === null ? {} : placeOn(cpus, tenancy, board)),
  }));
  return { rows, total: runs.length };
}

const NOWHERE = { core: '', gone: '', cache: '', node: '', neighbours: '' } as const;

interface Run {
  readonly thread: string;
  /** Null: no pin says which. */
  readonly cpus: readonly number[] | null;
  /** What stands there instead. */
  readonly instead: string;
}

type Instead = (id: number | null) => string;

/** A list that could not be read is not the same as none. */
function insteadFor({ unread = [], auto }: MachineVm['pins'], thread: 'vCPU' | 'emulator' | 'I/O thread'): Instead {
  const bad = new Set(unread.flatMap((one) => (one.thread === thread ? [one.id] : [])));
  const unpinned = auto === true ? 'as numad says' : 'any';
  return (id) => (bad.has(id) ? 'not known: no list of CPUs' : unpinned);
}

interface Merging extends Pick<Tenancy, 'groupOf'> {
  readonly insteadOf: Instead;
}

function merged(
  places: MachineVm['pins']['vcpus'],
  words: (ids: readonly number[]) => string,
  { groupOf, insteadOf }: Merging,
): readonly Run[] {
  const runs: { readonly ids: number[]; readonly cpus: readonly number[] | null; readonly key: unknown; readonly instead: string }[] = [];
  for (const place of places) {
    const instead = insteadOf(place.id);
    const key = groupOf.get(place) ?? instead;
    const last = runs.at(-1);
    if (last !== undefined && last.key === key) last.ids.push(place.id);
    else runs.push({ ids: [place.id], cpus: place.cpus, key, instead });
  }
  return runs.map(({ ids, cpus, instead }) => ({ thread: words(ids), cpus, instead }));
}

function placeOn(cpus: readonly number[], tenancy: Tenancy, board: Board): Omit<ThreadPlace, 'thread' | 'cpus'> {
  const places = cpus.flatMap((cpu) => board.placeOf.get(cpu) ?? []);
  const gone = goneText(cpus, board);
  if (places.length === 0) return { ...NOWHERE, gone };
  const cores = [...new Set(places.map(({ core }) => core))];
  const cells = [...new Set(places.map(({ cell }) => cell))];
  const nodes = cells.map(({ node }) => node);
  const all = cores.flatMap(({ threads }) => threads);
  return {
    core: cores.length === 1 ? coreText(cores) : coresText(cores),
    gone,
    cache: cellNames(cells),
    node: nodes.includes(null) ? '–' : numbersText(nodes.flatMap((node) => node ?? [])),
    neighbours: neighbourText(cpus, all, tenancy),
  };
}

/** `8+24`, `0+1 P` */
function coreText([core]: readonly BoardCore[]): string {
  if (core === undefined) return '';
  const { kind, threads } = core;
  return `${threads.join('+')}${kind === null ? '' : KIND_LETTERS[kind]}`;
}

const KIND_LETTERS = { performance: ' P', efficiency: ' E' } as const;

function cellNames(cells: readonly BoardCell[]): string {
  if (cells.every((cell) => !hasCache(cell))) return '–';
  const names = cells.map(({ name, isLarge }) => `${name}${isLarge ? ' (large)' : ''}`);
  return names.length > 4 ? counted(names.length, 'cache') : names.join(', ');
}

/** Which of the CPUs nothing can run on; empty when none. */
function goneText(cpus: readonly number[], { placeOf, isOff }: Board): string {
  const off = cpus.filter((cpu) => isOff.has(cpu));
  const absent = cpus.filter((cpu) => !isOff.has(cpu) && !placeOf.has(cpu));
  return [off.length === 0 ? '' : offText(off), absent.length === 0 ? '' : absentText(absent)].filter((part) => part !== '').join(', ');
}

/** Who has the other threads of the cores that a pin names in part. */
function neighbourText(cpus: readonly number[], all: readonly number[], { byCpu }: Tenancy): string {
  const own = new Set(cpus);
  const others = all.filter((cpu) => !own.has(cpu));
  if (others.length === 0) return 'nobody';
  const tenants = others.flatMap((cpu) => byCpu.get(cpu) ?? []);
  const free = others.filter((cpu) => !byCpu.has(cpu));
  return `${cpusText(others)}: ${[...tenantWords(tenants), ...(free.length === 0 ? [] : ['not this VM'])].join(', ')}`;
}

/** What stands above {@link cellWords}. */
export const CELL_HEADS = ['Cores that share a cache', 'L3', 'Package', 'NUMA node', 'Cores', 'CPUs of each core'] as const;

/** What shares a cache, as tables show it. */
export function cellWords(cell: BoardCell, { isStacked }: Board): readonly string[] {
  const { name, packageId, node, cores, isLarge } = cell;
  const cache = `${cacheText(cell)}${isLarge ? ` (${largeText(isStacked)})` : ''}`;
  return [name, cache, String(packageId), node === null ? '–' : String(node), coresText(cores), siblingsText(cores)];
}
