import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { type GuestMemory, guestMemoryOf, type MemoryPart, pagedKiB } from '../../../src/domain/guest-memory.ts';
import { memoryBackingOf } from '../../../src/domain/memory-backing.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Evidence, notApplicable, type Outcome, type Remedy } from '../../../src/engine/outcome.ts';
import type { DefinedDocument } from '../../../src/facts/defined-documents.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { HugepagePool, Hugepages } from '../../../src/facts/hugepages.ts';
import type { LibvirtHooks } from '../../../src/facts/libvirt-hooks.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { hugepageSteps } from '../../../src/remedy/hugepages.ts';
import { type Holding, holdingOf } from '../memory-hold.ts';
import { poolName, poolPath, sizeWords, unreadableMemory } from '../memory-words.ts';

export default defineDomainRule({
  id: 'domain/memory/hugepages-free',
  title: 'As many hugepages are free as the guest asks for',
  severity: 'blocker',
  host: ['hugepages'],
  wantsHost: ['definedDocuments', 'liveDomains', 'platform', 'libvirtHooks', 'memory'],
  why: 'A VM whose hugepages are not there does not start (unable to map backing store for guest RAM: Cannot allocate memory).',
  sources: ['https://docs.kernel.org/admin-guide/mm/hugetlbpage.html', 'https://libvirt.org/formatdomain.html#memory-backing'],
  evaluate(document, { hugepages, definedDocuments, liveDomains, platform, libvirtHooks, memory: host }) {
    const memory = guestMemoryOf(document);
    if (memory === null) return unreadableMemory();
    // To reserve them would take the host its last memory.
    if (host.ok && memory.totalKiB > host.value.totalKiB && passesDeviceThrough(document) === null)
      return notApplicable('the host has less memory than the guest (see domain/memory/host-memory)');
    const { defaultSizeKiB, pools } = hugepages;
    return [...pagedKiB(memory, defaultSizeKiB)].flatMap(([sizeKiB, needKiB]) => {
      // A size that the host does not have is told by another rule.
      const pool = pools.find((one) => one.sizeKiB === sizeKiB);
      if (pool === undefined) return [];
      const holding = definedDocuments.ok ? holdingOf(document, { definedDocuments, liveDomains }, pool, defaultSizeKiB) : null;
      const demand = { document, memory, pool, needKiB, holding, hugepages, platform, definedDocuments };
      return hooked(judgePlaces(demand) ?? judgeWhole(demand), libvirtHooks);
    });
  },
});

interface Demand {
  readonly document: DomainDocument;
  readonly memory: GuestMemory;
  readonly pool: HugepagePool;
  readonly needKiB: number;
  /** Null: which domains run could not be seen. */
  readonly holding: Holding | null;
  readonly hugepages: Hugepages;
  readonly platform: Attempt<Platform>;
  readonly definedDocuments: Attempt<readonly DefinedDocument[]>;
}

/** Many a hook reserves the pages when its VM starts; what one does is not known. */
function hooked(outcome: Outcome, hooks: Attempt<LibvirtHooks>): Outcome {
  const [hook] = hooks.ok && hooks.value.qemu.state === 'ok' ? hooks.value.qemu.value : [];
  if (hook === undefined || outcome.status !== 'fail') return outcome;
  return { ...outcome, message: `${outcome.message}; a hook of libvirt may reserve more (${hook})`, severity: 'minor' };
}

/** Pages that may be made at the start, where memory is not fragmented. */
function onDemand({ overcommit, surplus }: HugepagePool): number {
  return Math.max(0, overcommit - surplus);
}

function judgeWhole(demand: Demand): Outcome {
  const { document, pool, needKiB, holding } = demand;
  const need = needKiB / pool.sizeKiB;
  const free = Math.max(0, pool.free - pool.reserved);
  const least = (holding?.leastKiB ?? 0) / pool.sizeKiB;
  const most = holding === null ? pool.total - free : holding.mostKiB / pool.sizeKiB;
  const seen = [evidenceOf(demand, need), ...heldEvidence(demand)];
  if (free + least >= need) return withEvidence(passAt(document, spotOf(demand)), seen);
  if (free + least + onDemand(pool) >= need) {
    const message = 'some pages are only made when the VM starts, which fails when memory is fragmented';
    return withEvidence(passAt(document, spotOf(demand), message), seen);
  }
  if (free + most + onDemand(pool) >= need) return notKnown(demand);
  const had = sizeWords((free + most + onDemand(pool)) * pool.sizeKiB);
  return failAt(document, spotOf(demand), `${poolName(pool)}: ${had} to be had, the guest needs ${sizeWords(needKiB)}`, {
    evidence: seen,
    remedy: reserve(demand, Math.max(need, pool.total + need - free - most), null),
  });
}

/** Whether there are enough depends on what the domain itself holds. */
function notKnown({ definedDocuments, holding, pool }: Demand): Outcome {
  if (!definedDocuments.ok) {
    const { source, reason, hint = 'run passcheck as root' } = definedDocuments.error;
    return couldNotLook(source, `whether the VM itself runs and holds pages is not known: ${reason}`, hint);
  }
  const bounds = `${sizeWords(holding?.leastKiB ?? 0)} to ${sizeWords(holding?.mostKiB ?? 0)}`;
  const reason = `the VM runs and holds ${bounds} of ${poolName(pool)}: a definition has changed since its VM was started`;
  return couldNotLook('virsh list', reason, 'shut the VM down and look again');
}

/** Where numatune binds memory to nodes: null when there is enough on each, or nothing is bound. */
function judgePlaces(demand: Demand): Outcome | null {
  const { document, pool, holding } = demand;
  const mostHeld = holding === null ? Number.POSITIVE_INFINITY : holding.mostKiB / pool.sizeKiB;
  for (const { nodes, parts } of boundGroups(demand)) {
    const need = parts.reduce((sum, { kib }) => sum + Math.ceil(kib / pool.sizeKiB), 0);
    const there = pool.nodes.filter(({ node }) => nodes.includes(node));
    const [total, free] = [there.reduce((sum, node) => sum + node.total, 0), there.reduce((sum, node) => sum + node.free, 0)];
    const available = free + Math.min(mostHeld, total - free) + onDemand(pool);
    const [element] = parts.map((part) => part.element);
    if (available >= need || element === undefined) continue;
    const where = `NUMA node ${nodes.join(', ')}`;
    return failAt(
      document,
      element,
      `${poolName(pool)}: ${sizeWords(available * pool.sizeKiB)} on ${where}, the guest needs ${sizeWords(need * pool.sizeKiB)} there`,
      {
        evidence: [
          {
            source: `/sys/devices/system/node/node${nodes.join(',')}/hugepages/${poolName(pool)}`,
            observed: `${free} of ${total} pages free`,
            expected: `${need} pages`,
          },
          evidenceOf(demand, null),
          ...heldEvidence(demand),
        ],
        remedy: reserve(demand, total + need - available, nodes[0] ?? null),
      },
    );
  }
  return null;
}

interface Group {
  readonly nodes: readonly number[];
  readonly parts: readonly MemoryPart[];
}

function boundGroups({ memory, pool, hugepages }: Demand): readonly Group[] {
  if (pool.nodes.length === 0) return [];
  const groups = new Map<string, { nodes: readonly number[]; parts: MemoryPart[] }>();
  for (const part of memory.parts) {
    if (part.nodes === null || part.pages === 'ordinary') continue;
    if ((part.pages.sizeKiB ?? hugepages.defaultSizeKiB) !== pool.sizeKiB) continue;
    const key = part.nodes.join(',');
    const group = groups.get(key) ?? { nodes: part.nodes, parts: [] };
    group.parts.push(part);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The choice of pages of this size, or what is in them. */
function spotOf({ document, memory, pool, hugepages }: Demand): MemoryPart['element'] {
  const choice = memoryBackingOf(document).pages.find(({ sizeKiB }) => (sizeKiB ?? hugepages.defaultSizeKiB) === pool.sizeKiB);
  return choice?.element ?? memory.parts.find(({ pages }) => pages !== 'ordinary')?.element ?? document.root;
}

function evidenceOf({ pool }: Demand, need: number | null): Evidence {
  const promised = pool.reserved === 0 ? '' : `, ${pool.reserved} of them promised`;
  const more = pool.overcommit === 0 ? '' : `, ${onDemand(pool)} more on demand`;
  const seen = { source: poolPath(pool), observed: `${pool.free} of ${pool.total} pages free${promised}${more}` };
  return need === null ? seen : { ...seen, expected: `${need} pages` };
}

function heldEvidence({ document, holding }: Demand): readonly Evidence[] {
  if (holding === null || holding.mostKiB === 0) return [];
  return [
    { source: 'virsh list', observed: `${document.domain.name} runs and holds ${sizeWords(holding.mostKiB)}: they count as free for it` },
  ];
}

function withEvidence(outcome: Outcome, more: readonly Evidence[]): Outcome {
  return outcome.status === 'pass' ? { ...outcome, evidence: [outcome.evidence[0], ...more] } : outcome;
}

function reserve({ platform, pool, hugepages }: Demand, count: number, node: number | null): Remedy {
  const { sizeKiB } = pool;
  const where = node === null ? '' : ` on NUMA node ${node}`;
  const summary = `Reserve ${count} hugepages of ${sizeWords(sizeKiB)}${where} (${sizeWords(count * sizeKiB)})`;
  if (!platform.ok) return { summary, steps: [untilReboot({ sizeKiB, node, hugepages, count })] };
  return { summary, steps: hugepageSteps(platform.value, { sizeKiB, count, node, isDefaultSize: sizeKiB === hugepages.defaultSizeKiB }) };
}

/** What works on every distribution; how it is kept over a reboot depends on it. */
function untilReboot(given: {
  readonly sizeKiB: number;
  readonly node: number | null;
  readonly hugepages: Hugepages;
  readonly count: number;
}) {
  const { sizeKiB, node, hugepages, count } = given;
  if (node === null && sizeKiB === hugepages.defaultSizeKiB) return { run: `echo ${count} > /proc/sys/vm/nr_hugepages` };
  const folder = node === null ? '/sys/kernel/mm' : `/sys/devices/system/node/node${node}`;
  return { run: `echo ${count} > ${folder}/hugepages/hugepages-${sizeKiB}kB/nr_hugepages` };
}
