import type { CpuTopology } from '../facts/cpu-topology.ts';
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
  const groups = grouped(cores, (core) => `${cacheOf.get(firstCpu(core))} ${core.packageId} ${core.node}`);
  return groups.flatMap((group) => {
    const [core] = group;
    if (core === undefined) return [];
    const cache = cacheOf.get(firstCpu(core)) ?? null;
    const sizeKiB = cache === null ? null : (l3[cache]?.sizeKiB ?? null);
    return [{ cache, sizeKiB, packageId: core.packageId, node: core.node, cores: group }];
  });
}

export function firstCpu({ cpus }: Core): number {
  return cpus[0] ?? 0;
}

/** All CPUs of some cores, sorted. */
export function cpusOf(cores: readonly Core[]): number[] {
  return cores.flatMap(({ cpus }) => cpus).toSorted((a, b) => a - b);
}

/** Things with the same key together, in the order of the first of each. */
export function grouped<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): readonly (readonly Thing[])[] {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return [...groups.values()];
}
