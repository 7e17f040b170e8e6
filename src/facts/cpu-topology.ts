import type { HostSource } from '../host/source.ts';
import { type CacheDomain, readCaches } from './cpu-caches.ts';
import { parseCpuList } from './cpu-list.ts';
import { readSiblings, understood } from './cpu-siblings.ts';
import { readingError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import { numaNodes } from './numa.ts';
import { readAttribute, valueOrNull } from './read.ts';

/** A core and the hardware threads of it that are online. */
interface CpuCore {
  /** Sorted; the first stands for the core. */
  readonly cpus: readonly number[];
  readonly packageId: number;
  /** Unique within its package only; null on kernels before 5.2. */
  readonly dieId: number | null;
  /** Unique within its package or die only, and with gaps. */
  readonly coreId: number | null;
  /** Cores that share a second-level cache or tags (efficient cores of hybrid CPUs); null on kernels before 5.16. */
  readonly clusterId: number | null;
  /** NUMA node; null when the kernel was built without NUMA. */
  readonly node: number | null;
  /** On hybrid CPUs; null on all others, or when the kernel does not say. */
  readonly kind: 'performance' | 'efficiency' | null;
}

/** How the CPUs that are online hang together. */
export interface CpuTopology {
  readonly online: readonly number[];
  /** Plugged in, but switched off. */
  readonly offline: readonly number[];
  /** Sorted by their first CPU. */
  readonly cores: readonly CpuCore[];
  readonly packages: readonly { readonly id: number; readonly cpus: readonly number[] }[];
  /** CPUs that share a second-level cache; sorted by their first CPU. */
  readonly l2: readonly CacheDomain[];
  /** CPUs that share a third-level cache: a CCX or CCD of AMD, as a rule the whole package of Intel. Sizes differ on X3D parts. */
  readonly l3: readonly CacheDomain[];
}

const CPU_FOLDER = '/sys/devices/system/cpu';

/** https://docs.kernel.org/admin-guide/cputopology.html */
export const cpuTopology = defineFact({
  id: 'cpuTopology',
  needs: { numaNodes },
  collect(host, facts): CpuTopology {
    const { online, offline } = readOnline(host);
    const nodeOf = new Map(facts.numaNodes.flatMap(({ id, cpus }) => cpus.map((cpu): [number, number] => [cpu, id])));
    const kindOf = readKinds(host);
    const cores = readCores(host, online).map((core) => {
      const [first = 0] = core.cpus;
      return { ...core, node: nodeOf.get(first) ?? null, kind: kindOf.get(first) ?? null };
    });
    return {
      online,
      offline,
      cores,
      packages: packagesOf(cores),
      ...readCaches(
        host,
        cores.map(({ cpus }) => cpus),
      ),
    };
  },
});

/** Before Linux 2.6.28 there is no list: then every CPU has a folder, and those that are off say so in it. */
function readOnline(host: HostSource): { online: readonly number[]; offline: readonly number[] } {
  const source = `${CPU_FOLDER}/online`;
  const list = readAttribute(host, source);
  if (list.state === 'ok') {
    const online = understood(source, parseCpuList(list.value));
    const present = parseCpuList(valueOrNull(readAttribute(host, `${CPU_FOLDER}/present`)) ?? '') ?? [];
    return { online, offline: present.filter((cpu) => !online.includes(cpu)) };
  }
  const cpus = (valueOrNull(host.list(CPU_FOLDER)) ?? [])
    .flatMap((name) => (/^cpu\d{1,4}$/.test(name) ? [Number(name.slice(3))] : []))
    .toSorted((a, b) => a - b);
  if (cpus.length === 0) throw readingError(source, list);
  const isOff = (cpu: number): boolean => valueOrNull(readAttribute(host, `${CPU_FOLDER}/cpu${cpu}/online`)) === '0';
  const offline = cpus.filter(isOff);
  return { online: cpus.filter((cpu) => !offline.includes(cpu)), offline };
}

type BareCore = Omit<CpuCore, 'node' | 'kind'>;

/** Threads of a core that was read are not read again: a machine with 256 CPUs has 30 files for each. */
function readCores(host: HostSource, online: readonly number[]): readonly BareCore[] {
  const isOnline = new Set(online);
  const seen = new Set<number>();
  const cores: BareCore[] = [];
  for (const cpu of online) {
    if (seen.has(cpu)) continue;
    const folder = `${CPU_FOLDER}/cpu${cpu}/topology`;
    const siblings = readSiblings(host, cpu) ?? [cpu];
    const cpus = siblings.filter((sibling) => isOnline.has(sibling) && !seen.has(sibling));
    if (!cpus.includes(cpu)) cpus.push(cpu);
    for (const one of cpus) seen.add(one);
    cores.push({
      cpus: cpus.toSorted((a, b) => a - b),
      packageId: readNumber(host, `${folder}/physical_package_id`) ?? 0,
      dieId: readNumber(host, `${folder}/die_id`),
      coreId: readNumber(host, `${folder}/core_id`),
      clusterId: readNumber(host, `${folder}/cluster_id`),
    });
  }
  return cores;
}

function packagesOf(cores: readonly BareCore[]): CpuTopology['packages'] {
  const ids = [...new Set(cores.map(({ packageId }) => packageId))].toSorted((a, b) => a - b);
  return ids.map((id) => ({
    id,
    cpus: cores
      .filter(({ packageId }) => packageId === id)
      .flatMap(({ cpus }) => cpus)
      .toSorted((a, b) => a - b),
  }));
}

/** The performance-monitoring units of hybrid CPUs say which CPUs are of which kind. */
function readKinds(host: HostSource): ReadonlyMap<number, 'performance' | 'efficiency'> {
  const kinds = new Map<number, 'performance' | 'efficiency'>();
  for (const [unit, kind] of [
    ['cpu_core', 'performance'],
    ['cpu_atom', 'efficiency'],
    ['cpu_lowpower', 'efficiency'],
  ] as const) {
    const cpus = parseCpuList(valueOrNull(readAttribute(host, `/sys/devices/${unit}/cpus`)) ?? '') ?? [];
    for (const cpu of cpus) kinds.set(cpu, kind);
  }
  return kinds;
}

/** Null when there is none; the kernel writes -1 (65535 in old ones) where it does not know. */
function readNumber(host: HostSource, path: string): number | null {
  const text = valueOrNull(readAttribute(host, path)) ?? '';
  return /^\d{1,10}$/.test(text) && text !== '65535' ? Number(text) : null;
}
