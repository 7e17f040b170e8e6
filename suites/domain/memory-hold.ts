import type { DomainDocument } from '../../src/domain/document.ts';
import { guestMemoryOf, pagedKiB } from '../../src/domain/guest-memory.ts';
import type { DefinedDocument } from '../../src/facts/defined-documents.ts';
import type { HugepagePool } from '../../src/facts/hugepages.ts';
import { isActive } from '../../src/facts/judged-domains.ts';

/** What the judged domain itself holds of a pool while it runs: as good as free for its next start. In KiB. */
export interface Holding {
  /** At least this much. */
  readonly leastKiB: number;
  /** At most this much; more than `leastKiB` when definitions have changed since their domains were started. */
  readonly mostKiB: number;
}

/** libvirt defines no second domain with the name or the UUID of another: such a definition replaces it. */
export function isSameDomain(one: DomainDocument, other: DomainDocument): boolean {
  const { name, uuid } = one.domain;
  return name === other.domain.name || (uuid !== null && uuid.toLowerCase() === other.domain.uuid?.toLowerCase());
}

/** The domains of the host that hold their memory now and are not the judged one. */
export function othersThatRun(document: DomainDocument, defined: readonly DefinedDocument[]): readonly DomainDocument[] {
  return defined.filter((one) => isActive(one) && !isSameDomain(document, one.document)).map((one) => one.document);
}

/** The judged domain as it is on the host, when it runs there. */
function runningSelf(document: DomainDocument, defined: readonly DefinedDocument[]): DomainDocument | null {
  return defined.find((one) => isActive(one) && isSameDomain(document, one.document))?.document ?? null;
}

/**
 * What the judged domain holds of a pool. libvirt tells what a domain will get at its next start; where the definitions of those
 * that run claim more than is taken, one of them has changed, and how much the judged one holds is only known within bounds.
 */
export function holdingOf(
  document: DomainDocument,
  defined: readonly DefinedDocument[],
  pool: HugepagePool,
  defaultSizeKiB: number | null,
): Holding {
  const self = runningSelf(document, defined);
  if (self === null) return { leastKiB: 0, mostKiB: 0 };
  const takenKiB = Math.max(0, pool.total - pool.free + pool.reserved) * pool.sizeKiB;
  const own = Math.min(takenKiB, poolKiB(self, pool, defaultSizeKiB));
  const others = othersThatRun(document, defined).reduce((sum, other) => sum + poolKiB(other, pool, defaultSizeKiB), 0);
  return { leastKiB: Math.max(0, Math.min(own, takenKiB - others)), mostKiB: own };
}

/** What a domain needs of a pool, in KiB. */
export function poolKiB(document: DomainDocument, { sizeKiB }: Pick<HugepagePool, 'sizeKiB'>, defaultSizeKiB: number | null): number {
  const memory = guestMemoryOf(document);
  return memory === null ? 0 : (pagedKiB(memory, defaultSizeKiB).get(sizeKiB) ?? 0);
}
