import type { Attempt } from '../../src/facts/fact.ts';
import type { CacheDomain } from '../../src/facts/cpu-caches.ts';
import type { CpuTopology } from '../../src/facts/cpu-topology.ts';
import type { Evidence } from '../../src/engine/outcome.ts';
import { formatCpuList } from '../../src/facts/cpu-list.ts';
import { oncePer } from '../../src/once-per.ts';

/** A core of the host, with its hardware threads. */
export type Core = CpuTopology['cores'][number];

/** The cores of a host, found by the CPUs in them. */
export interface HostCores {
  /** Sorted by their first CPU. */
  readonly cores: readonly Core[];
  readonly coreOf: ReadonlyMap<number, Core>;
  /** Third-level cache by CPU. */
  readonly cacheOf: ReadonlyMap<number, CacheDomain>;
  /** A core has more than one thread that is online. */
  readonly hasSmt: boolean;
  /** The core of the first CPU: the kernel has work that only it can do. */
  readonly boot: Core | undefined;
}

/** The cores of a topology: a host can have hundreds of CPUs. */
export const hostCores = oncePer(({ cores, l3 }: CpuTopology): HostCores => ({
  cores,
  coreOf: new Map(cores.flatMap((core) => core.cpus.map((cpu): [number, Core] => [cpu, core]))),
  cacheOf: new Map(l3.flatMap((cache) => cache.cpus.map((cpu): [number, CacheDomain] => [cpu, cache]))),
  hasSmt: cores.some(({ cpus }) => cpus.length > 1),
  boot: cores[0],
}));

/** The cores that some CPUs belong to, each once; CPUs that are not online have none. */
export function coresWith({ coreOf }: HostCores, cpus: Iterable<number>): ReadonlySet<Core> {
  const found = new Set<Core>();
  for (const cpu of cpus) {
    const core = coreOf.get(cpu);
    if (core !== undefined) found.add(core);
  }
  return found;
}

/** The third-level caches of some cores, each once. */
export function cachesWith({ cacheOf }: HostCores, cores: Iterable<Core>): ReadonlySet<CacheDomain> {
  const found = new Set<CacheDomain>();
  for (const { cpus } of cores) {
    const cache = cacheOf.get(cpus[0] ?? -1);
    if (cache !== undefined) found.add(cache);
  }
  return found;
}

/** The hardware threads of a core, and where the kernel says it. */
export function coreEvidence({ cpus }: Core): Evidence {
  return { source: `/sys/devices/system/cpu/cpu${cpus[0] ?? 0}/topology/core_cpus_list`, observed: cpus.join(',') };
}

/** How many cores the host should keep for itself: Looking Glass asks for two; a small host has less to give. */
export function coresForHost({ cores }: Pick<HostCores, 'cores'>): number {
  if (cores.length < 2) return 0;
  return cores.length < 6 ? 1 : 2;
}

/** Third-level caches, and where the kernel says it. */
export function cacheEvidence(caches: Iterable<CacheDomain>): readonly Evidence[] {
  return [...caches].slice(0, 8).map(({ cpus, sizeKiB }) => ({
    source: `/sys/devices/system/cpu/cpu${cpus[0] ?? 0}/cache`,
    observed: `level 3${sizeKiB === null ? '' : ` of ${sizeKiB} KiB`} for CPUs ${formatCpuList(cpus)}`,
  }));
}

/**
 * Cores that a guest could have instead of some that it has: of the same kind and width, on the given node if one is given, and
 * without the core that the kernel needs.
 */
export function coresLike({ cores, boot }: HostCores, used: ReadonlySet<Core>, node: number | null): readonly Core[] {
  const alike = new Set([...used].map((core) => `${core.kind} ${core.cpus.length}`));
  return cores.filter((core) => core !== boot && alike.has(`${core.kind} ${core.cpus.length}`) && (node === null || core.node === node));
}

/** Why vCPUs cannot have a CPU each: the guest has more of them than the host has CPUs. Null when they can, or that is not known. */
export function tooManyVcpus(topology: Attempt<CpuTopology>, vcpus: number): string | null {
  const online = topology.ok ? topology.value.online.length : Number.POSITIVE_INFINITY;
  return vcpus > online ? `the guest has ${vcpus} vCPUs, the host ${online} CPUs (see domain/cpu/host-reserve)` : null;
}

/** Why nothing can be kept away from the vCPUs: every CPU of the host has one. Null when something can, or that is not known. */
export function noCpuLeft(topology: Attempt<CpuTopology>, taken: ReadonlySet<number>): string | null {
  if (!topology.ok || topology.value.online.some((cpu) => !taken.has(cpu))) return null;
  return 'every CPU of the host has a vCPU (see domain/cpu/host-reserve)';
}
