import * as fc from 'fast-check';

import type { CpuTopology } from '../src/facts/cpu-topology.ts';
import type { NumaNode } from '../src/facts/numa.ts';
import type { PinRequest } from '../src/pinning/model.ts';

// Hand-made and random CPU topologies.

/** Cores that share a third-level cache. */
export interface CellShape {
  readonly cores: number;
  /** Of each core. */
  readonly threads?: number;
  readonly sizeKiB?: number | null;
  readonly package?: number;
  /** NUMA node; null: built without NUMA. */
  readonly node?: number | null;
  readonly kind?: 'performance' | 'efficiency' | null;
  /** Joins the cache of the cell before. */
  readonly sharesCache?: boolean;
  /** No third level. */
  readonly hasCache?: boolean;
}

/** How the kernel numbers threads: `next` 0-1, 2-3 (Intel hybrid), `after` 0,8 (most others). */
type Numbering = 'next' | 'after';

/** A host of such cells. CPUs in `offline` are switched off: their core has one thread less, or is gone. */
export function aTopology(shapes: readonly CellShape[], numbering: Numbering = 'after', offline: readonly number[] = []): CpuTopology {
  const total = shapes.reduce((sum, { cores }) => sum + cores, 0);
  const off = new Set(offline);
  const caches: { cpus: number[]; sizeKiB: number | null }[] = [];
  const cores: CpuTopology['cores'][number][] = [];
  let next = 0;
  let extra = total;
  for (const { cores: count, threads = 2, sizeKiB = 32_768, package: packageId = 0, node = 0, kind = null, ...cache } of shapes) {
    const all: number[] = [];
    for (let core = 0; core < count; core += 1) {
      const first = next;
      next += numbering === 'next' ? threads : 1;
      const others = Array.from({ length: threads - 1 }, (_, index) => (numbering === 'next' ? first + index + 1 : extra + index));
      extra += threads - 1;
      const cpus = [first, ...others].filter((cpu) => !off.has(cpu));
      if (cpus.length === 0) continue;
      cores.push({ cpus, packageId, dieId: 0, coreId: cores.length, clusterId: null, node, kind });
      all.push(...cpus);
    }
    const last = caches.at(-1);
    if (cache.hasCache === false || all.length === 0) continue;
    if (cache.sharesCache === true && last !== undefined) last.cpus.push(...all);
    else caches.push({ cpus: all, sizeKiB });
  }
  const online = cores.flatMap(({ cpus }) => cpus).toSorted((a, b) => a - b);
  const packages = [...new Set(cores.map(({ packageId }) => packageId))].map((id) => ({
    id,
    cpus: cores.flatMap(({ packageId, cpus }) => (packageId === id ? cpus : [])).toSorted((a, b) => a - b),
  }));
  const l3 = caches
    .map(({ cpus, sizeKiB }) => ({ cpus: cpus.toSorted((a, b) => a - b), sizeKiB }))
    .toSorted((a, b) => (a.cpus[0] ?? 0) - (b.cpus[0] ?? 0));
  return {
    online,
    offline: [...off].toSorted((a, b) => a - b),
    cores: cores.toSorted((a, b) => (a.cpus[0] ?? 0) - (b.cpus[0] ?? 0)),
    packages,
    l2: [],
    l3,
  };
}

/** Two dies with eight cores each, and the larger cache on the first: Ryzen 9 7950X3D. */
export const X3D = aTopology([
  { cores: 8, sizeKiB: 98_304 },
  { cores: 8, sizeKiB: 32_768 },
]);

/** Six performance cores with two threads and eight efficiency cores, one cache: Core i7-1370P. */
export const HYBRID = aTopology(
  [
    { cores: 6, sizeKiB: 24_576, kind: 'performance' },
    { cores: 8, threads: 1, kind: 'efficiency', sharesCache: true },
  ],
  'next',
);

/** One cache, cores of two threads: most desktops. */
export function desktop(cores: number, threads = 2): CpuTopology {
  return aTopology([{ cores, threads }]);
}

/** The nodes that a topology names, with 16 GiB each. */
export function nodesOf({ cores }: CpuTopology, memoryKiB: (id: number) => number = () => 16 * 1024 * 1024): readonly NumaNode[] {
  const ids = [...new Set(cores.flatMap(({ node }) => node ?? []))].toSorted((a, b) => a - b);
  return ids.map((id) => ({
    id,
    cpus: cores.flatMap(({ node, cpus }) => (node === id ? cpus : [])).toSorted((a, b) => a - b),
    memoryKiB: memoryKiB(id),
    distances: ids.map((other) => (other === id ? 10 : 20)),
  }));
}

/** A request for a host of AMD with nothing isolated and no GPU. */
export function aPinRequest(topology: CpuTopology, given: Partial<PinRequest> = {}): PinRequest {
  return {
    topology,
    numaNodes: nodesOf(topology),
    vendor: 'amd',
    processor: 'AMD Ryzen 9',
    hasTopoext: true,
    isolated: [],
    vcpus: null,
    hostCores: null,
    iothreads: [1],
    gpu: null,
    memoryKiB: null,
    usesHugepages: false,
    others: [],
    avoid: [],
    ...given,
  };
}

const shape = (packages: number, nodes: readonly (number | null)[]): fc.Arbitrary<CellShape> =>
  fc.record({
    cores: fc.integer({ min: 1, max: 9 }),
    sizeKiB: fc.constantFrom(16_384, 32_768, 98_304, null),
    package: fc.integer({ min: 0, max: packages - 1 }),
    node: fc.constantFrom(...nodes),
    hasCache: fc.boolean().map((has) => has || packages > 1),
  });

const plainHost = fc
  .record({
    packages: fc.integer({ min: 1, max: 4 }),
    nodes: fc.constantFrom<readonly (number | null)[]>([0], [0, 1], [0, 2, 33, 72], [null]),
    threads: fc.constantFrom(1, 2, 4),
    numbering: fc.constantFrom<Numbering>('next', 'after'),
  })
  .chain(({ packages, nodes, threads, numbering }) =>
    fc
      .array(shape(packages, nodes), { minLength: 1, maxLength: 8 })
      .map((shapes) => ({ shapes: shapes.map((one) => ({ ...one, threads })), numbering })),
  );

const hybridHost = fc.record({ performance: fc.integer({ min: 1, max: 8 }), efficiency: fc.integer({ min: 1, max: 16 }) }).map((count) => ({
  shapes: [
    { cores: count.performance, threads: 2, kind: 'performance' },
    { cores: count.efficiency, threads: 1, kind: 'efficiency', sharesCache: true },
  ] satisfies readonly CellShape[],
  numbering: 'next' as const,
}));

/** Any host: 1 to 4 packages, up to 8 caches, 1, 2 or 4 threads, hybrid, with CPUs that are off and nodes whose numbers have gaps. */
const anyTopology: fc.Arbitrary<CpuTopology> = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: plainHost }, { weight: 1, arbitrary: hybridHost }),
    fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 6 }),
  )
  .map(([{ shapes, numbering }, offline]) => aTopology(shapes, numbering, offline));

/** {@link anyTopology} with a question about it. */
export const anyRequest: fc.Arbitrary<PinRequest> = anyTopology.chain((topology) => {
  const nodes = [...new Set(topology.cores.map(({ node }) => node))];
  return fc
    .record({
      vcpus: fc.option(fc.integer({ min: 1, max: 24 })),
      hostCores: fc.option(fc.integer({ min: 1, max: 6 })),
      iothreads: fc.constantFrom([], [1], [1, 2]),
      gpuNode: fc.option(fc.constantFrom(...nodes)),
      isolated: fc.option(fc.subarray([...topology.online])),
      taken: fc.oneof(fc.constant([]), fc.subarray([...topology.online])),
    })
    .map(({ gpuNode, taken, ...asked }) =>
      aPinRequest(topology, {
        ...asked,
        others: [{ domain: 'other', cpus: taken, isFirm: true }],
        gpu: gpuNode === null ? null : { kind: 'GPU', address: '0000:01:00.0', node: gpuNode },
      }),
    );
});
