import type { DomainDocument } from '../../src/domain/document.ts';
import type { Spot } from '../../src/domain/locate.ts';
import { isSameDomain } from '../../src/domain/same-domain.ts';
import { seenAt } from '../../src/engine/domain-outcome.ts';
import { couldNotCollect, couldNotLook, type Evidence, type Outcome } from '../../src/engine/outcome.ts';
import type { DefinedDocument } from '../../src/facts/defined-documents.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import { NO_HOST } from '../../src/facts/fact-error.ts';
import { isActive } from '../../src/facts/judged-domains.ts';

/** Another domain, and its state as virsh prints it; null where libvirt does not know it. */
export interface Neighbour {
  readonly document: DomainDocument;
  readonly state: string | null;
}

/** Comparing every domain with every other takes time that grows with the square of their number. */
const MOST = 200;

/** The other domains of this call and of libvirt, at most so many of each, once; other versions of the judged one are left out. */
export function neighboursOf(
  document: DomainDocument,
  defined: Attempt<readonly DefinedDocument[]>,
  given: readonly DomainDocument[],
  most = MOST,
): readonly Neighbour[] {
  const known = defined.ok ? defined.value : [];
  const named = new Map<string, Neighbour>(known.slice(0, most).map((one) => [one.document.domain.name, one]));
  for (const one of given.slice(0, most)) {
    const other = { document: one, state: named.get(one.domain.name)?.state ?? null };
    // What runs has what its definition says, not what a file says.
    if (!runs(other)) named.set(one.domain.name, other);
  }
  return [...named.values()].filter((other) => !isSameDomain(document, other.document));
}

/** Does it run now? */
export function runs({ state }: Neighbour): boolean {
  return state !== null && isActive({ state });
}

/** Where another domain says something, and whether it runs. */
export function neighbourEvidence({ document, state }: Neighbour, spot: Spot): readonly Evidence[] {
  const seen = seenAt(document, spot);
  return state === null ? [seen] : [seen, { source: 'virsh list --all', observed: `${document.domain.name.slice(0, 80)}: ${state}` }];
}

/** Does the judged domain itself run now? */
export function isRunning(document: DomainDocument, defined: Attempt<readonly DefinedDocument[]>): boolean {
  return (defined.ok ? defined.value : []).some((one) => isActive(one) && isSameDomain(document, one.document));
}

/** What a rule says that found nothing among the neighbours: libvirt does not show them, or they are too many. Null: all were seen. */
export function unseenNeighbours(defined: Attempt<readonly DefinedDocument[]>, given: readonly DomainDocument[]): Outcome | null {
  const known = defined.ok ? defined.value.length : 0;
  if (known > MOST) return tooMany('virsh list --all', known, 'compare the others by hand');
  if (given.length > MOST) return tooMany('the definitions of this call', given.length, `give at most ${MOST} at a time`);
  if (defined.ok || defined.error.reason === NO_HOST) return null;
  return couldNotCollect(defined.error, 'run passcheck as a user who may ask libvirt', 'minor');
}

function tooMany(source: string, count: number, hint: string): Outcome {
  return couldNotLook(source, `${count} domains, of which ${MOST} were compared`, hint, 'minor');
}
