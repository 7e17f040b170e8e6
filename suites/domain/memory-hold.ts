import type { DomainDocument } from '../../src/domain/document.ts';
import { guestMemoryOf, pagedKiB } from '../../src/domain/guest-memory.ts';
import { isSameDomain } from '../../src/domain/same-domain.ts';
import type { DefinedDocument } from '../../src/facts/defined-documents.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import type { HugepagePool } from '../../src/facts/hugepages.ts';
import { isActive } from '../../src/facts/judged-domains.ts';

/** What the judged domain itself holds of a pool while it runs: as good as free for its next start. In KiB. */
export interface Holding {
  /** At least this much. */
  readonly leastKiB: number;
  /** At most this much; more than `leastKiB` when definitions have changed since their domains were started. */
  readonly mostKiB: number;
}

/** What rules about memory want to know of libvirt. */
interface LibvirtDomains {
  readonly definedDocuments: Attempt<readonly DefinedDocument[]>;
  readonly liveDomains: Attempt<ReadonlyMap<string, DomainDocument>>;
}

/** The domains of libvirt that hold their memory now: as they run where that shows, else as they will next time. None where libvirt is hidden. */
function runningDomains({ definedDocuments, liveDomains }: LibvirtDomains): readonly DomainDocument[] {
  if (!definedDocuments.ok) return [];
  const live = liveDomains.ok ? liveDomains.value : new Map<string, DomainDocument>();
  return definedDocuments.value.filter(isActive).map(({ document }) => {
    const now = live.get(document.domain.uuid?.toLowerCase() ?? '');
    return now === undefined ? document : { ...now, label: document.label };
  });
}

/** Those of them that are not the judged one. */
export function othersThatRun(document: DomainDocument, libvirt: LibvirtDomains): readonly DomainDocument[] {
  return runningDomains(libvirt).filter((other) => !isSameDomain(document, other));
}

/**
 * What the judged domain holds of a pool. Where libvirt tells only what domains get at their next start, they can claim more
 * than is taken: one of the definitions has changed, and how much the judged one holds is only known within bounds.
 */
export function holdingOf(document: DomainDocument, libvirt: LibvirtDomains, pool: HugepagePool, defaultSizeKiB: number | null): Holding {
  const running = runningDomains(libvirt);
  const takenKiB = Math.max(0, pool.total - pool.free + pool.reserved) * pool.sizeKiB;
  const sumOf = (domains: readonly DomainDocument[]): number => domains.reduce((sum, one) => sum + poolKiB(one, pool, defaultSizeKiB), 0);
  const own = Math.min(takenKiB, sumOf(running.filter((one) => isSameDomain(document, one))));
  const others = sumOf(running.filter((one) => !isSameDomain(document, one)));
  return { leastKiB: Math.max(0, Math.min(own, takenKiB - others)), mostKiB: own };
}

/** What a domain needs of a pool, in KiB. */
export function poolKiB(document: DomainDocument, { sizeKiB }: Pick<HugepagePool, 'sizeKiB'>, defaultSizeKiB: number | null): number {
  const memory = guestMemoryOf(document);
  return memory === null ? 0 : (pagedKiB(memory, defaultSizeKiB).get(sizeKiB) ?? 0);
}
