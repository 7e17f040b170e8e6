import type { DomainDocument } from '../../src/domain/document.ts';
import { couldNotLook, type Outcome } from '../../src/engine/outcome.ts';
import type { DefinedDocument } from '../../src/facts/defined-documents.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import { NO_HOST } from '../../src/facts/fact-error.ts';
import { isActive } from '../../src/facts/judged-domains.ts';
import { isSameDomain } from './memory-hold.ts';

/** Another domain, and its state as virsh prints it; null where libvirt does not know it. */
export interface Neighbour {
  readonly document: DomainDocument;
  readonly state: string | null;
}

/** Comparing every domain with every other takes time that grows with the square of their number. */
const MOST = 200;

/** The other domains of this call and of libvirt, each once; other versions of the judged one are left out. */
export function neighboursOf(
  document: DomainDocument,
  defined: Attempt<readonly DefinedDocument[]>,
  given: readonly DomainDocument[],
): readonly Neighbour[] {
  const known = defined.ok ? defined.value : [];
  const named = new Map<string, Neighbour>(known.slice(0, MOST).map((one) => [one.document.domain.name, one]));
  for (const other of given.slice(0, MOST)) {
    named.set(other.domain.name, { document: other, state: named.get(other.domain.name)?.state ?? null });
  }
  return [...named.values()].filter((other) => !isSameDomain(document, other.document));
}

/** Does it run now? */
export function runs({ state }: Neighbour): boolean {
  return state !== null && isActive({ state });
}

/** Does the judged domain itself run now? */
export function isRunning(document: DomainDocument, defined: Attempt<readonly DefinedDocument[]>): boolean {
  return (defined.ok ? defined.value : []).some((one) => isActive(one) && isSameDomain(document, one.document));
}

/** What a rule says that found nobody to compare with: nobody is there, or libvirt does not show its domains. Null: that was seen. */
export function unseenNeighbours(defined: Attempt<readonly DefinedDocument[]>): Outcome | null {
  if (defined.ok || defined.error.reason === NO_HOST) return null;
  const { source, reason, hint } = defined.error;
  return couldNotLook(source, reason, hint ?? 'run passcheck as a user who may ask libvirt', 'minor');
}
