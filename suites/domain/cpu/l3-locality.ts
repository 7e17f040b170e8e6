import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import type { CacheDomain } from '../../../src/facts/cpu-caches.ts';
import type { CpuIsolation } from '../../../src/facts/cpu-isolation.ts';
import { formatCpuList } from '../../../src/facts/cpu-list.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { groupedBy } from '../../../src/grouped.ts';
import { gpuNode } from '../cpu-gpu-node.ts';
import { cacheEvidence, cachesWith, type Core, coresLike, coresWith, hostCores, type HostCores } from '../cpu-host.ts';
import { boundOn, cpusOf, pinsRemedy, tuningElement } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/l3-locality',
  title: 'All vCPUs share one third-level cache, where they fit',
  severity: 'major',
  host: ['cpuTopology'],
  wantsHost: ['pciDevices', 'cpuIsolation'],
  why: 'Threads that work on the same data reach it several times faster within one third-level cache (a CCD or CCX of AMD) than over two. The guest does not know where the border is.',
  sources: [
    'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#CPU_topology',
    'https://docs.kernel.org/admin-guide/cputopology.html',
  ],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuTopology, pciDevices, cpuIsolation }) {
    const bound = boundOn(document, cpuTopology.online);
    if ('reason' in bound) return notApplicable(bound.reason);
    const host = hostCores(cpuTopology);
    const used = coresWith(host, cpusOf(bound.places));
    const caches = cachesWith(host, used);
    const [cache] = caches;
    if (cache === undefined) return notApplicable('the kernel knows no third-level cache of these CPUs');
    const spot = tuningElement(document);
    if (caches.size === 1) {
      const larger = isIsolating(cpuIsolation) ? undefined : largerCache(host, used, cache);
      if (larger === undefined) return passAt(document, spot);
      return failAt(
        document,
        spot,
        `the vCPUs share ${sizeWords(cache)}, and CPUs ${formatCpuList(larger.cpus)} share ${sizeWords(larger)}`,
        {
          severity: 'minor',
          evidence: cacheEvidence([cache, larger]),
          remedy: pinsRemedy(document, 'Pin the vCPUs to the cores with the larger cache: games gain most from it'),
        },
      );
    }
    const gpu = pciDevices.ok ? gpuNode(document, pciDevices.value) : null;
    const enough = cachesEnough(host, used, gpu !== null && 'node' in gpu ? gpu.node : onlyNode(used));
    if (enough === null || caches.size <= enough)
      return passAt(document, spot, `the vCPUs are on ${caches.size} third-level caches: fewer have no room for them`);
    const message = `the vCPUs are on ${caches.size} third-level caches, and ${enough === 1 ? 'one has room for them' : `${enough} have`}`;
    return failAt(document, spot, message, {
      severity: enough === 1 ? 'major' : 'minor',
      evidence: cacheEvidence(caches),
      remedy: pinsRemedy(document, enough === 1 ? 'Pin all vCPUs to cores of one cache' : `Pin the vCPUs to cores of ${enough} caches`),
    });
  },
});

/** Which CPUs are isolated decides then where the guest is. */
function isIsolating(isolation: Attempt<CpuIsolation>): boolean {
  return isolation.ok && isolation.value.isolated.length > 0;
}

function sizeWords({ sizeKiB }: CacheDomain): string {
  return `${Math.round((sizeKiB ?? 0) / 1024)} MiB`;
}

/** Where the GPU is is not known: a guest on one node has perhaps chosen it. */
function onlyNode(used: ReadonlySet<Core>): number | null {
  const nodes = new Set([...used].map(({ node }) => node));
  return nodes.size === 1 ? ([...nodes][0] ?? null) : null;
}

/** A larger cache on the same node, with enough cores beside the one that the kernel needs. */
function largerCache(host: HostCores, used: ReadonlySet<Core>, { cpus, sizeKiB }: CacheDomain): CacheDomain | undefined {
  if (sizeKiB === null) return undefined;
  const node = host.coreOf.get(cpus[0] ?? -1)?.node ?? null;
  const counts = countByCache(host, coresLike(host, used, node));
  return [...counts].find(([other, count]) => (other.sizeKiB ?? 0) > sizeKiB && count >= used.size)?.[0];
}

/**
 * The fewest caches that have as many cores as the guest uses: on one node of one package where that can be, else on one node,
 * else of the whole host; on the GPU's node where that is large enough. Null when nothing is.
 */
function cachesEnough(host: HostCores, used: ReadonlySet<Core>, node: number | null): number | null {
  const near = coresLike(host, used, node);
  const cores = near.length >= used.size ? near : coresLike(host, used, null);
  const levels: readonly ((core: Core) => string)[] = [(core) => `${core.node} ${core.packageId}`, (core) => String(core.node), () => ''];
  for (const level of levels) {
    const counts = [...groupedBy(cores, level).values()].flatMap(
      (group) => fewest([...countByCache(host, group).values()], used.size) ?? [],
    );
    if (counts.length > 0) return Math.min(...counts);
  }
  return null;
}

/** How many of the largest numbers are needed for a sum. */
function fewest(counts: readonly number[], wanted: number): number | null {
  let sum = 0;
  const index = counts.toSorted((a, b) => b - a).findIndex((count) => (sum += count) >= wanted);
  return index === -1 ? null : index + 1;
}

function countByCache({ cacheOf }: HostCores, cores: readonly Core[]): ReadonlyMap<CacheDomain, number> {
  const counts = new Map<CacheDomain, number>();
  for (const { cpus } of cores) {
    const cache = cacheOf.get(cpus[0] ?? -1);
    if (cache !== undefined) counts.set(cache, (counts.get(cache) ?? 0) + 1);
  }
  return counts;
}
