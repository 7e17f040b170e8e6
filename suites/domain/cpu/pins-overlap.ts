import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { pinningOf } from '../../../src/domain/pinning.ts';
import { areRivals } from '../../../src/domain/rivals.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import type { BoundPlace } from '../cpu-pins.ts';
import { boundVcpus, cpusOf, cpuWords, pinSpot, pinsRemedy, tuningElement } from '../cpu-pins.ts';
import { type Neighbour, neighbourEvidence, neighboursOf, unseenNeighbours } from '../neighbours.ts';

export default defineDomainRule({
  id: 'domain/cpu/pins-overlap',
  title: 'Domains that can run together have CPUs of their own',
  severity: 'major',
  wantsHost: ['definedDocuments'],
  why: 'When two domains run, vCPUs that are pinned to one CPU take turns: both guests stutter, though each was planned well.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-tuning'],
  applies: [passesDeviceThrough],
  evaluate(document, { definedDocuments }, given) {
    if (pinningOf(document).vcpus.length === 0) return notApplicable('no vCPU is pinned to a CPU of its own');
    const bound = boundVcpus(document);
    if ('reason' in bound) return notApplicable(bound.reason);
    const others = neighboursOf(document, definedDocuments, given);
    const unseen = unseenNeighbours(definedDocuments, given);
    if (others.length === 0) return unseen ?? notApplicable('no other domain is known');
    const own = new Map(bound.places.flatMap((place) => place.cpus.map((cpu): [number, BoundPlace] => [cpu, place])));
    const overlaps = others.flatMap((other) => overlapOf(document, own, other) ?? []);
    if (overlaps.length === 0) return unseen ?? passAt(document, tuningElement(document));
    return overlaps.slice(0, 20).map((overlap) => blame(document, overlap));
  },
});

/** CPUs that vCPUs of both domains are pinned to. */
interface Overlap {
  readonly other: Neighbour;
  readonly cpus: readonly number[];
  /** vCPUs of either on the first of them. */
  readonly own: BoundPlace;
  readonly theirs: BoundPlace;
  /** All CPUs of the other domain. */
  readonly theirCpus: readonly number[];
  /** Each of the two may run nowhere else. */
  readonly isForced: boolean;
}

/** Null: they never meet. Domains that are not pinned go where there is room. */
function overlapOf(document: DomainDocument, own: ReadonlyMap<number, BoundPlace>, other: Neighbour): Overlap | null {
  if (pinningOf(other.document).vcpus.length === 0) return null;
  const bound = boundVcpus(other.document);
  if ('reason' in bound) return null;
  const met = bound.places.flatMap((theirs) => {
    return theirs.cpus.flatMap((cpu) => {
      const place = own.get(cpu);
      return place === undefined ? [] : { cpu, own: place, theirs, isForced: place.cpus.length === 1 && theirs.cpus.length === 1 };
    });
  });
  const first = met.find(({ isForced }) => isForced) ?? met[0];
  if (first === undefined || areRivals(document, other.document)) return null;
  return { ...first, other, theirCpus: [...cpusOf(bound.places)], cpus: [...new Set(met.map(({ cpu }) => cpu))] };
}

function blame(document: DomainDocument, { other, cpus, theirCpus, own, theirs, isForced }: Overlap): Outcome {
  const name = other.document.domain.name.slice(0, 80);
  return failAt(document, pinSpot(document, own), `vCPUs of ${name} are pinned to ${cpuWords(cpus)} as well`, {
    severity: isForced ? 'major' : 'minor',
    evidence: neighbourEvidence(other, pinSpot(other.document, theirs)),
    remedy: pinsRemedy(document, `Pin one of the two to other CPUs, or do not run ${name} at the same time`, isForced ? theirCpus : []),
  });
}
