import type { CpuTopology } from '../facts/cpu-topology.ts';
import { groupedBy } from '../grouped.ts';
import type { Core } from './model.ts';

/** Cores that share a third-level cache, a package and a NUMA node; without a third level, a package and a node. */
export interface Cell {
  /** Of the cache among those of the host, in the order of their first CPUs; null without a third level. */
  readonly cache: number | null;
  /** KiB of the cache; null when it is not known. */
  readonly sizeKiB: number | null;
  readonly packageId: number;
  readonly node: number | null;
  /** Sorted by their first CPU. */
  readonly cores: readonly Core[];
}

/** The cells of a host, sorted by their first CPU. A cache can reach over several nodes (sub-NUMA clusters): then it is several cells. */
export function cellsOf({ cores, l3 }: Pick<CpuTopology, 'cores' | 'l3'>): readonly Cell[] {
  const cacheOf = new Map(l3.flatMap(({ cpus }, index) => cpus.map((cpu): [number, number] => [cpu, index])));
  const groups = groupedBy(cores, (core) => `${cacheOf.get(firstCpu(core))} ${core.packageId} ${core.node}`);
  return [...groups.values()].flatMap((group) => {
    const [core] = group;
    if (core === undefined) return [];
    const cache = cacheOf.get(firstCpu(core)) ?? null;
    const sizeKiB = cache === null ? null : (l3[cache]?.sizeKiB ?? null);
    return [{ cache, sizeKiB, packageId: core.packageId, node: core.node, cores: group }];
  });
}

/** By which cores are sorted. */
export function firstCpu({ cpus }: Core): number {
  return cpus[0] ?? 0;
}

/** All CPUs of some cores, sorted. */
export function cpusOf(cores: readonly Core[]): number[] {
  return cores.flatMap(({ cpus }) => cpus).toSorted((a, b) => a - b);
}
