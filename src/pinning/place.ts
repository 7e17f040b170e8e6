import { groupedBy } from '../grouped.ts';
import { type Cell, firstCpu } from './cells.ts';
import type { Core } from './model.ts';

/** Cores for a guest: on one node, of one or more cells. */
export interface Placement {
  /** What is taken of each cell; cells and cores are sorted by their first CPU. */
  readonly parts: readonly Part[];
  /** Each cell gives as many cores as the others. */
  readonly isEven: boolean;
}

interface Part {
  readonly cell: Cell;
  readonly cores: readonly Core[];
}

/** What decides between places that are large enough. */
export interface Surroundings {
  /** CPUs that `isolcpus` keeps free. */
  readonly isolated: ReadonlySet<number>;
  /** CPUs of other VMs. */
  readonly avoided: ReadonlySet<number>;
  /** Nodes without memory of their own. */
  readonly withoutMemory: ReadonlySet<number | null>;
  /** The cell of the core that the host keeps. */
  readonly bootCell: Cell | undefined;
}

/**
 * The best place for `count` cores; null when no node has so many. Within one cell where one is large enough; else over as few
 * cells as possible, of one package where that can be. Among equals: isolated cores first, a node with memory, the larger
 * cache, a cell without the host's core 0, the last one.
 */
export function place(cells: readonly Cell[], count: number, around: Surroundings): Placement | null {
  const levels: readonly ((cell: Cell) => string)[] = [
    (cell) => String(cells.indexOf(cell)),
    (cell) => `${cell.node} ${cell.packageId}`,
    (cell) => String(cell.node),
  ];
  for (const level of levels) {
    const candidates = [...groupedBy(cells, level).values()].flatMap((group) => takeFrom(group, count, around) ?? []);
    const [best] = candidates.toSorted((a, b) => inOrder(rankOf(b, around), rankOf(a, around)));
    if (best !== undefined) return best;
  }
  return null;
}

/** Is every thread of the core isolated? */
export function isIsolated({ cpus }: Core, { isolated }: Pick<Surroundings, 'isolated'>): boolean {
  return cpus.every((cpu) => isolated.has(cpu));
}

/** Is it the same cache, package and node, whichever cores of it? */
export function isSameCell(a: Cell, b: Cell | undefined): boolean {
  return a.cache === b?.cache && a.packageId === b.packageId && a.node === b.node;
}

/** As few of the cells as are enough, and the same number of cores of each where that is possible: null when all are not enough. */
function takeFrom(cells: readonly Cell[], count: number, around: Surroundings): Placement | null {
  const bySize = cells.toSorted((a, b) => b.cores.length - a.cores.length || inOrder(cellRank(b, around), cellRank(a, around)));
  let sum = 0;
  const enough = bySize.findIndex(({ cores }) => (sum += cores.length) >= count) + 1;
  if (enough === 0) return null;
  const share = count / enough;
  const even = cells.filter(({ cores }) => cores.length >= share).toSorted((a, b) => inOrder(cellRank(b, around), cellRank(a, around)));
  if (Number.isInteger(share) && even.length >= enough)
    return toPlacement(
      even.slice(0, enough).map((cell) => ({ cell, cores: coresOf(cell, share, around) })),
      true,
    );
  let missing = count;
  const parts = bySize.slice(0, enough).map((cell) => {
    const cores = coresOf(cell, Math.min(missing, cell.cores.length), around);
    missing -= cores.length;
    return { cell, cores };
  });
  return toPlacement(parts, false);
}

function toPlacement(parts: readonly Part[], isEven: boolean): Placement {
  return { parts: parts.toSorted((a, b) => firstOf(a) - firstOf(b)), isEven };
}

function firstOf({ cores: [core] }: Pick<Cell, 'cores'>): number {
  return core === undefined ? 0 : firstCpu(core);
}

/** Isolated cores first, else the last: the first ones are those that a host uses. */
function coresOf({ cores }: Cell, count: number, around: Surroundings): readonly Core[] {
  const sorted = cores.toSorted((a, b) => Number(isIsolated(b, around)) - Number(isIsolated(a, around)) || firstCpu(b) - firstCpu(a));
  return sorted.slice(0, count).toSorted((a, b) => firstCpu(a) - firstCpu(b));
}

/** Larger is better, the first difference counts. */
function rankOf({ parts }: Placement, around: Surroundings): readonly number[] {
  return [
    -parts.length,
    parts.flatMap(({ cores }) => cores).filter((core) => isIsolated(core, around)).length,
    parts.some(({ cell }) => around.withoutMemory.has(cell.node)) ? 0 : 1,
    Math.min(...parts.map(({ cell }) => cell.sizeKiB ?? 0)),
    -parts.filter(({ cell }) => isSameCell(cell, around.bootCell)).length,
    firstOf(parts[0] ?? { cores: [] }),
  ];
}

/** Larger is better. */
export function cellRank(cell: Cell, around: Surroundings): readonly number[] {
  return [
    cell.cores.filter((core) => isIsolated(core, around)).length,
    around.withoutMemory.has(cell.node) ? 0 : 1,
    cell.sizeKiB ?? 0,
    isSameCell(cell, around.bootCell) ? 0 : 1,
    firstOf(cell),
  ];
}

/** Compares two ranks of the same length. */
export function inOrder(a: readonly number[], b: readonly number[]): number {
  return a.map((value, index) => value - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
