import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { type GuestMemory, guestMemoryOf, ordinaryKiB, pagedKiB } from '../../../src/domain/guest-memory.ts';
import { pinsAllMemory } from '../../../src/domain/lock-limit.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Evidence, type Outcome } from '../../../src/engine/outcome.ts';
import { HUGEPAGES, type Hugepages } from '../../../src/facts/hugepages.ts';
import { othersThatRun } from '../memory-hold.ts';
import { aboutMib, sizeWords, unreadableMemory } from '../memory-words.ts';

export default defineDomainRule({
  id: 'domain/memory/host-memory',
  title: 'The memory of the guest fits into the host and leaves enough for it',
  severity: 'blocker',
  host: ['memory', 'hugepages', 'config'],
  wantsHost: ['definedDocuments', 'liveDomains'],
  applies: [passesDeviceThrough],
  why: 'All memory of a guest with a passed device is taken at once and never swapped. What does not fit fails the start, or kills programs of the host.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://docs.kernel.org/admin-guide/mm/hugetlbpage.html'],
  evaluate(document, { memory: host, hugepages, config, definedDocuments, liveDomains }) {
    const { root } = document;
    const memory = guestMemoryOf(document);
    if (memory === null) return unreadableMemory();
    const poolsKiB = hugepages.pools.reduce((sum, { total, sizeKiB }) => sum + total * sizeKiB, 0);
    const look: Look = { document, memory, hostKiB: host.totalKiB, poolsKiB };
    const unfit = tooLarge(look);
    if (unfit !== null) return unfit;
    const others = othersThatRun(document, { definedDocuments, liveDomains });
    const othersKiB = others.reduce((sum, other) => sum + ordinaryOf(guestMemoryOf(other)), 0);
    const leftKiB = host.totalKiB - poolsKiB - grownKiB(memory, hugepages) - ordinaryKiB(memory) - othersKiB;
    const reserveKiB = config.thresholds.hostReserveMiB * 1024;
    if (leftKiB < reserveKiB) return tooLittle(look, { leftKiB, reserveKiB, others, othersKiB });
    if (!definedDocuments.ok) {
      const { source, reason, hint = 'run passcheck as root' } = definedDocuments.error;
      return couldNotLook(source, `what runs beside the VM is not known: ${reason}`, hint, 'major');
    }
    return passAt(document, first(root, 'memory') ?? root, `${aboutMib(leftKiB)} are left for the host`);
  },
});

interface Look {
  readonly document: DomainDocument;
  readonly memory: GuestMemory;
  readonly hostKiB: number;
  /** Every hugepage of the host. */
  readonly poolsKiB: number;
}

/** Null: it fits. */
function tooLarge({ document, memory, hostKiB, poolsKiB }: Look): Outcome | null {
  const spot = first(document.root, 'memory') ?? document.root;
  const evidence = seen(hostKiB, poolsKiB);
  // What is not pinned can be swapped.
  const severity = pinsAllMemory(document) ? {} : { severity: 'major' as const };
  if (memory.totalKiB > hostKiB) {
    const remedy = xmlRemedy(document, 'Give the guest less memory');
    return failAt(document, spot, `the guest has ${sizeWords(memory.totalKiB)}, the host ${aboutMib(hostKiB)}`, {
      evidence,
      remedy,
      ...severity,
    });
  }
  const ordinary = ordinaryKiB(memory);
  if (ordinary === 0 || ordinary <= hostKiB - poolsKiB) return null;
  const left = `the hugepages of the host leave ${aboutMib(hostKiB - poolsKiB)}`;
  return failAt(document, spot, `${sizeWords(ordinary)} of the guest are in ordinary pages, and ${left}`, {
    evidence,
    ...severity,
    remedy: xmlRemedy(document, 'Put the guest into hugepages, or reserve fewer of them', {
      inside: '<memoryBacking>',
      write: '<hugepages/>',
    }),
  });
}

interface Left {
  readonly leftKiB: number;
  readonly reserveKiB: number;
  readonly others: readonly DomainDocument[];
  readonly othersKiB: number;
}

function tooLittle({ document, hostKiB, poolsKiB }: Look, { leftKiB, reserveKiB, others, othersKiB }: Left): Outcome {
  const spot = first(document.root, 'memory') ?? document.root;
  const left = leftKiB < 0 ? `${aboutMib(-leftKiB)} more than there is would be taken` : `${aboutMib(leftKiB)} would be left for the host`;
  const names = others.slice(0, 8).map(({ label }) => label);
  const running = { source: 'virsh list', observed: `${aboutMib(othersKiB)} for VMs that run: ${names.join(', ')}` };
  const summary =
    `Give the guest ${aboutMib(reserveKiB - leftKiB)} less, ` +
    'or lower thresholds.hostReserveMiB in passcheck.yaml if the host does with less';
  return failAt(document, spot, `${left}, ${aboutMib(reserveKiB)} are wanted`, {
    evidence: [...seen(hostKiB, poolsKiB), ...(othersKiB === 0 ? [] : [running])],
    remedy: xmlRemedy(document, summary),
    severity: 'major',
  });
}

function seen(hostKiB: number, poolsKiB: number): readonly Evidence[] {
  return [
    { source: '/proc/meminfo', observed: `MemTotal ${aboutMib(hostKiB)}` },
    { source: HUGEPAGES, observed: `${aboutMib(poolsKiB)} reserved` },
  ];
}

function ordinaryOf(memory: GuestMemory | null): number {
  return memory === null ? 0 : ordinaryKiB(memory);
}

/** What pools would grow by to hold the guest: pages that are made on demand come out of the host's memory, too. */
function grownKiB(memory: GuestMemory, { pools, defaultSizeKiB }: Hugepages): number {
  return [...pagedKiB(memory, defaultSizeKiB)].reduce((sum, [sizeKiB, kib]) => {
    const pool = pools.find((one) => one.sizeKiB === sizeKiB);
    return sum + Math.max(0, kib - (pool === undefined ? 0 : pool.total * sizeKiB));
  }, 0);
}
