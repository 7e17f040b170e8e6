import { defineCheck } from '../../../src/engine/check.ts';
import {
  couldNotLook,
  type Evidence,
  fail,
  notApplicable,
  type Outcome,
  pass,
  passWith,
  type Remedy,
} from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { DomainDemand } from '../../../src/facts/hugepage-demand.ts';
import { HUGEPAGES, type HugepagePool, type Hugepages, usablePages } from '../../../src/facts/hugepages.ts';
import type { LibvirtHooks } from '../../../src/facts/libvirt-hooks.ts';
import { type MemoryPlace, nodeList } from '../../../src/facts/memory-place.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { hugepageSteps } from '../../../src/remedy/hugepages.ts';

export default defineCheck({
  id: 'preflight/memory/hugepages',
  title: 'Enough hugepages are reserved for the virtual machine, near its GPU',
  severity: 'major',
  needs: ['hugepages', 'hugepageDemand'],
  wants: ['platform', 'libvirtHooks'],
  why:
    'A VM whose hugepages are not there does not start; on the wrong NUMA node its memory is slow. Without hugepages the CPU spends more ' +
    'time on translating addresses.',
  sources: ['https://docs.kernel.org/admin-guide/mm/hugetlbpage.html', 'https://libvirt.org/formatdomain.html#memory-backing'],
  evaluate({ hugepages, hugepageDemand: { domains, missing, place }, platform, libvirtHooks }) {
    const host: Host = { platform, defaultSizeKiB: hugepages.defaultSizeKiB };
    if (domains.length === 0 && missing.length === 0) return judgeWithoutDomain(hugepages, place, host);
    return [
      ...missing.map((name) => ({ subject: name, outcome: notDefined(name) })),
      ...domains.map((demand) => ({
        subject: demand.domain,
        outcome: judgeHooked(demand, hugepages, host, libvirtHooks),
      })),
    ];
  },
});

/** What a fix depends on. */
interface Host {
  readonly platform: Attempt<Platform>;
  readonly defaultSizeKiB: number | null;
}

/** Many a hook reserves the pages when its VM starts; what one does is not known. */
function judgeHooked(demand: DomainDemand, hugepages: Hugepages, host: Host, hooks: Attempt<LibvirtHooks>): Outcome {
  const outcome = judgeDomain(demand, hugepages, host);
  const [hook] = hooks.ok && hooks.value.qemu.state === 'ok' ? hooks.value.qemu.value : [];
  if (hook === undefined || outcome.status !== 'fail' || demand.pool === null) return outcome;
  return { ...outcome, message: `${outcome.message}; a hook of libvirt may reserve more (${hook})`, severity: 'minor' };
}

function judgeDomain(demand: DomainDemand, hugepages: Hugepages, host: Host): Outcome {
  const { domain, sizesKiB, pool } = demand;
  if (sizesKiB.length === 0) return notApplicable(`${domain} asks for no hugepages: ${instead(hugepages)} serve it`);
  if (sizesKiB.length > 1) {
    const reason = 'it asks for pages of several sizes; how much of each is not judged';
    return couldNotLook(`virsh dumpxml --inactive ${domain}`, reason, `compare with ${HUGEPAGES} by hand`);
  }
  if (pool === null) return noSuchSize(demand, hugepages);
  const placed = judgePlace(demand, pool, host);
  return placed.status === 'fail' ? placed : (tooFew(demand, pool, host) ?? placed);
}

/** Null when there are enough. */
function tooFew({ domain, needKiB, besideKiB, heldKiB }: DomainDemand, pool: HugepagePool, host: Host): Outcome | null {
  const availableKiB = usablePages(pool) * pool.sizeKiB + heldKiB;
  const missing = Math.ceil((needKiB + besideKiB - availableKiB) / pool.sizeKiB);
  if (missing <= 0) return null;
  const beside = besideKiB === 0 ? '' : `, and other judged VMs ${mib(besideKiB)} at the same time`;
  const held = heldKiB === 0 ? [] : [{ source: 'virsh list', observed: `${mib(heldKiB)} held by judged VMs that run: they count as free` }];
  return fail(`${pageName(pool)}: ${mib(availableKiB)} to be had, ${domain} needs ${mib(needKiB)}${beside}`, {
    evidence: [poolEvidence(pool, needKiB + besideKiB), ...held],
    remedy: reserve(host, pool, pool.total + missing, null),
  });
}

/** Are there enough where they should be? Says so first, because the fix then names the node. */
function judgePlace({ domain, needKiB, heldKiB, place }: DomainDemand, pool: HugepagePool, host: Host): Outcome {
  const evidence = poolEvidence(pool, needKiB);
  if (place.state === 'hidden') return couldNotLook(place.source, place.reason, place.hint);
  const need = Math.ceil(needKiB / pool.sizeKiB);
  const onDemand = Math.max(0, pool.overcommit - pool.surplus);
  const passes = (...seen: [Evidence, ...Evidence[]]): Outcome =>
    usablePages(pool) - onDemand + heldKiB / pool.sizeKiB < need
      ? passWith('some pages are only made when the VM starts, which fails when memory is fragmented', ...seen)
      : pass(...seen);
  if (place.state === 'any') return passes(evidence);
  const nodes = pool.nodes.filter(({ node }) => place.nodes.includes(node));
  const total = nodes.reduce((sum, node) => sum + node.total, 0);
  const free = nodes.reduce((sum, node) => sum + node.free, 0);
  // What a running VM holds can only be where pages are taken.
  const available = free + Math.min(heldKiB / pool.sizeKiB, total - free) + onDemand;
  const there = { source: nodePath(pool, place.nodes), observed: `${free} of ${total} pages free`, expected: `${need} pages` };
  if (available >= need) return passes(there, evidence);
  const [node = null] = place.nodes;
  return fail(
    `${pageName(pool)}: ${mib(available * pool.sizeKiB)} on NUMA node ${nodeList(place)}, ${domain} needs ${mib(needKiB)} there`,
    {
      evidence: [there, { source: place.source, observed: place.because }, evidence],
      remedy: reserve(host, pool, total + need - available, node, pool.total > total ? ELSEWHERE : ''),
    },
  );
}

/** The VM's size is not known yet: nothing near the GPU is a failure all the same, and nothing at all a hint. */
function judgeWithoutDomain({ pools, defaultSizeKiB }: Hugepages, place: MemoryPlace, host: Host): Outcome {
  const { platform } = host;
  const example = pools.find(({ sizeKiB }) => sizeKiB === defaultSizeKiB) ?? pools[0];
  const [first, ...rest] = pools.filter(({ total, overcommit }) => total + overcommit > 0);
  if (first === undefined && platform.ok && platform.value.hasOwnVms === true) {
    return notApplicable('Proxmox VE reserves the hugepages of a VM when it starts it');
  }
  if (first === undefined) {
    const count = example === undefined ? 0 : EXAMPLE_KIB / example.sizeKiB;
    return fail(`none are reserved; ${UNKNOWN_SIZE}`, {
      evidence: [{ source: HUGEPAGES, observed: 'no page of any size', expected: 'the memory of the VM' }],
      remedy: {
        ...(example === undefined ? {} : reserve(host, example, count, place.state === 'nodes' ? (place.nodes[0] ?? null) : null)),
        summary: 'Reserve as many hugepages as the VM shall have memory (here for 8 GiB)',
      },
      severity: 'minor',
    });
  }
  const evidence = [poolEvidence(first, null), ...rest.map((pool) => poolEvidence(pool, null))] as const;
  if (place.state === 'hidden') return couldNotLook(place.source, place.reason, place.hint);
  const isThere = (pool: HugepagePool): boolean =>
    place.state === 'any' || pool.overcommit > 0 || pool.nodes.some(({ node, total }) => place.nodes.includes(node) && total > 0);
  if (place.state === 'any' || [first, ...rest].some(isThere)) return passWith(UNKNOWN_SIZE, ...evidence);
  return fail(`none are reserved on NUMA node ${nodeList(place)}; ${UNKNOWN_SIZE}`, {
    evidence: [
      { source: nodePath(first, place.nodes), observed: 'no page' },
      { source: place.source, observed: place.because },
      ...evidence,
    ],
    remedy: reserve(host, first, first.total, place.nodes[0] ?? null),
  });
}

const ELSEWHERE = '; give those on other nodes back when nobody else needs them';
const UNKNOWN_SIZE = 'how many hugepages the VM needs is not known yet, because libvirt knows no VM with the GPU';
const EXAMPLE_KIB = 8 * 1024 * 1024;

function noSuchSize({ domain, sizesKiB: [sizeKiB = null] }: DomainDemand, { pools }: Hugepages): Outcome {
  const known = pools.map(pageName).join(', ');
  const wanted = sizeKiB === null ? 'of the default size' : `of ${mib(sizeKiB)}`;
  return fail(`${domain} asks for hugepages ${wanted}, which this kernel does not have`, {
    evidence: [
      {
        source: HUGEPAGES,
        observed: known === '' ? 'no size' : known,
        ...(sizeKiB === null ? {} : { expected: `hugepages-${sizeKiB}kB` }),
      },
    ],
    remedy: { summary: 'Choose a page size in the definition that this host has; 1 GiB pages need the CPU flag pdpe1gb' },
  });
}

function reserve({ platform, defaultSizeKiB }: Host, pool: HugepagePool, count: number, node: number | null, note = ''): Remedy {
  const where = node === null ? '' : ` on NUMA node ${node}`;
  const summary = `Reserve ${count} hugepages of ${mib(pool.sizeKiB)}${where} (${mib(count * pool.sizeKiB)})${note}`;
  const { sizeKiB } = pool;
  const isDefaultSize = sizeKiB === defaultSizeKiB;
  return platform.ok ? { summary, steps: hugepageSteps(platform.value, { sizeKiB, count, node, isDefaultSize }) } : { summary };
}

function poolEvidence(pool: HugepagePool, needKiB: number | null): Evidence {
  const promised = pool.reserved === 0 ? '' : `, ${pool.reserved} of them promised`;
  const onDemand = pool.overcommit === 0 ? '' : `, ${Math.max(0, pool.overcommit - pool.surplus)} more on demand`;
  const seen = { source: `${HUGEPAGES}/${pageName(pool)}`, observed: `${pool.free} of ${pool.total} pages free${promised}${onDemand}` };
  return needKiB === null ? seen : { ...seen, expected: `${needKiB / pool.sizeKiB} pages` };
}

function nodePath(pool: HugepagePool, nodes: readonly number[]): string {
  return `/sys/devices/system/node/node${nodes.join(',')}/hugepages/${pageName(pool)}`;
}

function instead({ transparent }: Hugepages): string {
  return transparent.state === 'ok' && transparent.value !== 'never' ? `transparent hugepages (${transparent.value})` : 'ordinary pages';
}

function notDefined(name: string): Outcome {
  return couldNotLook(
    'virsh list --all',
    `passcheck.yaml names ${name}, which libvirt does not know`,
    'define it, or correct vms in passcheck.yaml',
  );
}

function pageName({ sizeKiB }: HugepagePool): string {
  return `hugepages-${sizeKiB}kB`;
}

function mib(kib: number): string {
  return `${Math.floor(kib / 1024)} MiB`;
}
