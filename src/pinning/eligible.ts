import type { CpuTopology } from '../facts/cpu-topology.ts';
import type { NumaNode } from '../facts/numa.ts';
import { type Cell, cellsOf, firstCpu } from './cells.ts';
import type { Core, PinRequest } from './model.ts';
import { avoidedCpus } from './others.ts';

/** What of a host a guest may get. */
export interface Offer {
  /** Cores of one kind, with the same number of threads each; core 0 and those of other VMs are not among them. */
  readonly cells: readonly Cell[];
  /** Threads of each of these cores. */
  readonly threads: number;
  /** How many cores a guest may get at most, because the host keeps the others. */
  readonly most: number;
}

/** The core that the host always keeps: the kernel has work that only CPU 0 can do. */
export function bootCore({ topology }: Pick<PinRequest, 'topology'>): Core | undefined {
  return topology.cores.toSorted((a, b) => firstCpu(a) - firstCpu(b))[0];
}

/** How many cores the host keeps at least: what is asked for, else two, or one where it has fewer than four. */
export function hostCoresOf({ topology, hostCores }: Pick<PinRequest, 'topology' | 'hostCores'>): number {
  return hostCores ?? (topology.cores.length < 4 ? 1 : 2);
}

/** All cores; on hybrid processors the performance cores. Where the kernel does not say which they are, those with more threads. */
export function performanceCores({ cores, offline }: Pick<CpuTopology, 'cores' | 'offline'>): readonly Core[] {
  if (cores.some(({ kind }) => kind === 'performance')) return cores.filter(({ kind }) => kind === 'performance');
  // With a CPU that is off, a core with one thread need not be an efficient one.
  if (offline.length > 0) return cores;
  const most = Math.max(...cores.map(({ cpus }) => cpus.length));
  return cores.filter(({ cpus }) => cpus.length === most);
}

/**
 * What a guest may get: cores with the most threads first; those with fewer (a sibling is switched off) are an offer of
 * their own, because a guest's cores are all alike.
 */
export function offersOf(request: PinRequest): readonly Offer[] {
  const { topology } = request;
  const boot = bootCore(request);
  const avoided = avoidedCpus(request);
  const isAvoided = (core: Core): boolean => core.cpus.some((cpu) => avoided.has(cpu));
  const cores = performanceCores(topology).filter((core) => core !== boot && !isAvoided(core));
  const widths = [...new Set(cores.map(({ cpus }) => cpus.length))].toSorted((a, b) => b - a);
  // What other VMs have is no core for the host.
  const free = topology.cores.filter((core) => core === boot || !isAvoided(core));
  const most = Math.max(0, free.length - hostCoresOf(request));
  const nodes = meantNodes(request, cores);
  return widths.map((threads) => {
    const offered = new Set(cores.filter((core) => core.cpus.length === threads && nodes.includes(core.node)));
    const cells = cellsOf(topology)
      .map((cell) => ({ ...cell, cores: cell.cores.filter((core) => offered.has(core)) }))
      .filter(({ cores: left }) => left.length > 0);
    return { cells, threads, most };
  });
}

/** The GPU's node; the nearest one that has cores where it has none; without a GPU or where its node is not known, every node. */
function meantNodes({ gpu, numaNodes }: PinRequest, cores: readonly Core[]): readonly (number | null)[] {
  const nodes = [...new Set(cores.map(({ node }) => node))];
  const near = gpu?.node ?? null;
  if (near === null || !numaNodes.some(({ id }) => id === near)) return nodes;
  if (numaNodes.some(({ id, cpus }) => id === near && cpus.length > 0)) return [near];
  return [nearestNode(numaNodes, near, (id) => nodes.includes(id)) ?? near];
}

/** The node with the smallest distance that fits; null when none does. Distances are in the order of the nodes. */
export function nearestNode(numaNodes: readonly NumaNode[], from: number, fits: (id: number) => boolean): number | null {
  const distances = numaNodes.find(({ id }) => id === from)?.distances ?? [];
  const sorted = numaNodes
    .map(({ id }, index) => ({ id, distance: distances[index] ?? Number.POSITIVE_INFINITY }))
    .filter(({ id }) => fits(id))
    .toSorted((a, b) => a.distance - b.distance || a.id - b.id);
  return sorted[0]?.id ?? null;
}
