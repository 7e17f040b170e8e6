import { groupedBy } from '../grouped.ts';
import type { Cell } from './cells.ts';
import type { Offer } from './eligible.ts';
import { cellRank, inOrder, isIsolated, type Surroundings } from './place.ts';

/** How many cores a VM gets when nobody says how many, and why, as the end of a sentence. */
export interface Size {
  readonly offer: Offer;
  readonly cores: number;
  readonly because: string;
}

/** Few programs, and fewer games, keep more cores busy. */
const ENOUGH = 8;

/**
 * As many cores as the host isolates already; else those of one cell, at most eight; over several cells only where none
 * has two cores. Null when there is nothing to give.
 */
export function sensibleSize(offers: readonly Offer[], around: Surroundings): Size | null {
  const [offer] = offers.toSorted((a, b) => capacity(b) - capacity(a));
  if (offer === undefined || capacity(offer) === 0) return null;
  return isolatedSize(offer, around) ?? cellSize(offer, around) ?? nodeSize(offer);
}

/** How many vCPUs fit at most. */
export function capacity({ cells, threads, most }: Offer): number {
  const nodes = [...groupedBy(cells, ({ node }) => String(node)).values()].map(coreCount);
  return Math.min(most, Math.max(0, ...nodes)) * threads;
}

function isolatedSize(offer: Offer, around: Surroundings): Size | null {
  const counts = [...groupedBy(offer.cells, ({ node }) => String(node)).values()].map(
    (cells) => cells.flatMap(({ cores }) => cores).filter((core) => isIsolated(core, around)).length,
  );
  const cores = Math.min(offer.most, Math.max(0, ...counts));
  return cores === 0 ? null : { offer, cores, because: 'the host isolates as many CPUs already' };
}

function cellSize(offer: Offer, around: Surroundings): Size | null {
  const sizes = offer.cells.map((cell) => ({ cell, cores: Math.min(offer.most, cell.cores.length, ENOUGH) }));
  const largest = Math.max(...sizes.map(({ cores }) => cores));
  // A cache that is larger but has few cores left is no good place.
  const [best] = sizes
    .filter(({ cores }) => cores >= 2 && cores * 2 >= largest)
    .toSorted((a, b) => inOrder(cellRank(b.cell, around), cellRank(a.cell, around)));
  if (best === undefined) return null;
  return { offer, cores: best.cores, because: reasonOf(best, offer) };
}

function reasonOf({ cell, cores }: { readonly cell: Cell; readonly cores: number }, { most }: Offer): string {
  if (cores === ENOUGH && cell.cores.length > ENOUGH) return 'eight cores are enough for nearly everything that runs in one';
  if (cores === most && cores < cell.cores.length) return 'the host keeps the other cores';
  return cell.cache === null ? 'one package has so many cores for it' : 'one L3 cache has so many cores for it';
}

function nodeSize(offer: Offer): Size {
  const cores = Math.min(capacity(offer) / offer.threads, ENOUGH);
  return { offer, cores, because: 'so many cores are left beside those of the host' };
}

function coreCount(cells: readonly Cell[]): number {
  return cells.reduce((sum, { cores }) => sum + cores.length, 0);
}
