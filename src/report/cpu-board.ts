import { formatCpuList } from '../facts/cpu-list.ts';
import { groupedBy } from '../grouped.ts';
import type { InventoryCell, InventoryCpu } from '../inventory/model.ts';
import { shorten } from './wrap.ts';

/** A core with the threads of it that are online, sorted. */
export interface BoardCore {
  readonly kind: InventoryCell['cores'][number]['kind'];
  readonly threads: readonly number[];
}

/** Cores that share a cache, as the picture frames them. */
export interface BoardCell {
  readonly name: string;
  readonly cacheKiB: number | null;
  /** Its cache is larger than others of this processor, or known to be stacked. */
  readonly isLarge: boolean;
  readonly packageId: number;
  readonly node: number | null;
  readonly cores: readonly BoardCore[];
}

/** The processors of a machine, of which every number is one that a CPU can have. */
export interface Board {
  readonly packages: readonly { readonly id: number; readonly cells: readonly BoardCell[] }[];
  readonly cells: readonly BoardCell[];
  /** Which core and cell a CPU belongs to. */
  readonly placeOf: ReadonlyMap<number, { readonly core: BoardCore; readonly cell: BoardCell }>;
  readonly offline: readonly number[];
  readonly isOff: ReadonlySet<number>;
  /** The processor has stacked caches (X3D). */
  readonly isStacked: boolean;
  /** What of the report cannot be: a stored one may have been edited. */
  readonly notes: readonly string[];
}

/** libvirt's VIR_DOMAIN_CPUMASK_LEN; the kernel has at most 8,192. */
const CPU_LIMIT = 16_384;

/** Is it a number that a CPU can have? */
export function isCpu(number: number): boolean {
  return Number.isInteger(number) && number >= 0 && number < CPU_LIMIT;
}

/** Null: how the CPUs hang together could not be looked at. */
export function boardOf({ cells: given, offline: off, model }: Pick<InventoryCpu, 'cells' | 'offline' | 'model'>): Board | null {
  if (given === null) return null;
  const sieve = createSieve();
  const isStacked = /X3D\b/.test(shorten(model ?? '', 200));
  const sizes = given.flatMap(({ cacheKiB }) => cacheKiB ?? []);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const isLarge = ({ cacheKiB }: InventoryCell): boolean => cacheKiB === largest && (isStacked || sizes.some((size) => size < largest));
  const cells = given.flatMap((cell): BoardCell[] => {
    const cores = cell.cores.flatMap(({ kind, cpus }): BoardCore[] => {
      const threads = sieve.take(cpus);
      return threads.length === 0 ? [] : [{ kind, threads }];
    });
    if (cores.length === 0) return [];
    const { cacheKiB, packageId, node } = cell;
    return [{ name: shorten(cell.name, 40), cacheKiB, isLarge: isLarge(cell), packageId, node, cores }];
  });
  if (cells.length === 0) return null;
  const offline = sieve.take(off);
  return {
    packages: [...groupedBy(cells, ({ packageId }) => packageId)]
      .map(([id, members]) => ({ id, cells: members }))
      .toSorted((a, b) => a.id - b.id),
    cells,
    placeOf: new Map(cells.flatMap((cell) => cell.cores.flatMap((core) => core.threads.map((cpu) => [cpu, { core, cell }])))),
    offline,
    isOff: new Set(offline),
    isStacked,
    notes: sieve.notes(),
  };
}

interface Sieve {
  /** Those that can be CPUs and were not taken before, sorted. */
  take(numbers: readonly number[]): readonly number[];
  notes(): readonly string[];
}

function createSieve(): Sieve {
  const seen = new Set<number>();
  const twice = new Set<number>();
  let strange = 0;
  return {
    take(numbers) {
      const taken: number[] = [];
      for (const number of numbers) {
        if (!isCpu(number)) strange += 1;
        else if (seen.has(number)) twice.add(number);
        else {
          seen.add(number);
          taken.push(number);
        }
      }
      return taken.toSorted((a, b) => a - b);
    },
    notes() {
      return [
        ...(strange === 0 ? [] : [`The report names ${strange} CPUs by numbers that no CPU has; they are left out.`]),
        ...(twice.size === 0
          ? []
          : [`The report has CPUs ${shorten(formatCpuList([...twice]), 80)} more than once; they are drawn where they stand first.`]),
      ];
    },
  };
}
