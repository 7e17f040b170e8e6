import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { guestMemoryOf, ordinaryKiB } from '../../../src/domain/guest-memory.ts';
import { demandBesideKiB } from '../../../src/domain/memory-demand.ts';
import type { Domain } from '../../../src/domain/model.ts';
import { isSameDomain } from '../../../src/domain/same-domain.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { type Evidence, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import { HUGEPAGES, type HugepagePool } from '../../../src/facts/hugepages.ts';
import { othersThatRun, poolKiB } from '../memory-hold.ts';
import { aboutMib, poolName, poolPath, sizeWords } from '../memory-words.ts';

/** Comparing every domain with every other takes time that grows with the square of their number. */
const MOST = 200;

export default defineDomainRule({
  id: 'domain/memory/together',
  title: 'The domains that can run together fit into the host together',
  severity: 'major',
  host: ['memory', 'hugepages', 'config'],
  wantsHost: ['definedDocuments', 'liveDomains'],
  applies: [passesDeviceThrough],
  why: 'Each domain with a passed device takes all its memory at once. The second one does not start, or the host runs out of memory.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://docs.kernel.org/admin-guide/mm/hugetlbpage.html'],
  evaluate(document, { memory, hugepages, config, definedDocuments, liveDomains }, given) {
    const { domain, root } = document;
    const others = companions(document, [...given, ...othersThatRun(document, { definedDocuments, liveDomains })]);
    if (others.length === 0) return notApplicable('no other domain is judged that is given devices of its own');
    const documents = new Map<Domain, DomainDocument>(others.map((other) => [other.domain, other]));
    const domains = [...documents.keys()];
    const spot = first(root, 'memory') ?? root;
    const names = others
      .map(({ label }) => label)
      .slice(0, 8)
      .join(', ');
    const beside = (sizeOf: (one: DomainDocument) => number): number =>
      demandBesideKiB(domain, domains, (one) => {
        const other = documents.get(one);
        return other === undefined ? 0 : sizeOf(other);
      });
    for (const pool of hugepages.pools) {
      const needKiB = poolKiB(document, pool, hugepages.defaultSizeKiB);
      const besideKiB = beside((other) => poolKiB(other, pool, hugepages.defaultSizeKiB));
      if (needKiB === 0 || besideKiB === 0 || needKiB + besideKiB <= roomKiB(pool)) continue;
      return tooFewPages(document, { pool, needKiB, besideKiB, names });
    }
    const poolsKiB = hugepages.pools.reduce((sum, { total, sizeKiB }) => sum + total * sizeKiB, 0);
    const ordinary = ordinaryOf(document);
    const besideKiB = beside(ordinaryOf);
    const leftKiB = memory.totalKiB - poolsKiB - ordinary - besideKiB;
    const reserveKiB = config.thresholds.hostReserveMiB * 1024;
    if (leftKiB >= reserveKiB || besideKiB === 0 || ordinary === 0) return passAt(document, spot);
    const left = leftKiB < 0 ? `${aboutMib(-leftKiB)} more than there is` : `${aboutMib(leftKiB)} left for the host`;
    const seen: readonly Evidence[] = [
      { source: '/proc/meminfo', observed: `MemTotal ${aboutMib(memory.totalKiB)}` },
      { source: HUGEPAGES, observed: `${aboutMib(poolsKiB)} reserved` },
    ];
    return failAt(document, spot, `with ${names}, which can run at the same time: ${left}, ${aboutMib(reserveKiB)} are wanted`, {
      evidence: seen,
      remedy: xmlRemedy(document, `Give the domains ${aboutMib(reserveKiB - leftKiB)} less, or do not run them together`),
    });
  },
});

/** Each domain once, and only those that pin their memory or have it in hugepages: the host can swap that of others. */
function companions(document: DomainDocument, candidates: readonly DomainDocument[]): readonly DomainDocument[] {
  const found = new Map<string, DomainDocument>();
  for (const other of candidates.slice(0, MOST)) {
    if (isSameDomain(document, other) || found.has(other.domain.name)) continue;
    if (passesDeviceThrough(other) === null || first(other.root, 'memoryBacking', 'hugepages') !== undefined)
      found.set(other.domain.name, other);
  }
  return [...found.values()];
}

function ordinaryOf(document: DomainDocument): number {
  const memory = guestMemoryOf(document);
  return memory === null ? 0 : ordinaryKiB(memory);
}

function roomKiB({ total, overcommit, surplus, sizeKiB }: HugepagePool): number {
  return (total + Math.max(0, overcommit - surplus)) * sizeKiB;
}

interface Pages {
  readonly pool: HugepagePool;
  readonly needKiB: number;
  readonly besideKiB: number;
  readonly names: string;
}

function tooFewPages(document: DomainDocument, { pool, needKiB, besideKiB, names }: Pages): Outcome {
  const { root } = document;
  const need = `${sizeWords(needKiB)}, and ${names} ${sizeWords(besideKiB)} at the same time`;
  return failAt(
    document,
    first(root, 'memoryBacking', 'hugepages') ?? root,
    `${poolName(pool)}: ${sizeWords(roomKiB(pool))} in all; the guest needs ${need}`,
    {
      evidence: [{ source: poolPath(pool), observed: `${pool.total} pages`, expected: `${(needKiB + besideKiB) / pool.sizeKiB} pages` }],
      remedy: xmlRemedy(
        document,
        `Reserve ${(needKiB + besideKiB) / pool.sizeKiB} hugepages of ${sizeWords(pool.sizeKiB)}, or do not run the domains together`,
      ),
    },
  );
}
