import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { failAt, passAt, seenAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { type Evidence, notApplicable } from '../../../src/engine/outcome.ts';
import { groupedBy } from '../../../src/grouped.ts';
import { tooManyVcpus } from '../cpu-host.ts';
import { type BoundPlace, boundVcpus, cpusOf, cpuWords, nowhere, pinSpot, pinsRemedy, tuningElement, vcpuWords } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/vcpupin-unique',
  title: 'No two vCPUs have to share a CPU of the host',
  severity: 'major',
  wantsHost: ['cpuTopology'],
  why: 'Of two vCPUs on one CPU only one runs: the other waits, often for something that the first one holds. The guest stutters.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-tuning', 'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#CPU_pinning'],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuTopology }) {
    const bound = boundVcpus(document);
    if ('reason' in bound) return notApplicable(bound.reason);
    const tooMany = tooManyVcpus(cpuTopology, bound.places.length);
    if (tooMany !== null) return notApplicable(tooMany);
    const away = cpuTopology.ok ? nowhere(bound.places, cpuTopology.value.online) : null;
    if (away !== null) return notApplicable(away.reason);
    const crowds = crowdsOf(bound.places);
    const [crowd, ...others] = crowds;
    const remedy = pinsRemedy(document, 'Give each vCPU a CPU of its own');
    if (crowd !== undefined) {
      const more = others.length === 0 ? '' : `, and ${others.length} more such ${others.length === 1 ? 'place' : 'places'}`;
      return failAt(document, pinSpot(document, crowd.at(-1)), `${crowdWords(crowd)}${more}`, {
        remedy,
        evidence: othersSeen(document, crowds),
      });
    }
    const cpus = cpusOf(bound.places);
    if (cpus.size < bound.places.length)
      return failAt(document, tuningElement(document), `${bound.places.length} vCPUs share the ${cpuWords(cpus)}`, { remedy });
    const squeezed = squeezedOut(bound.places);
    if (squeezed === null) return passAt(document, tuningElement(document));
    const message = `vCPU ${squeezed.id} is pinned to the ${cpuWords(squeezed.cpus)}, which other vCPUs need`;
    return failAt(document, pinSpot(document, squeezed), message, { remedy });
  },
});

/** A vCPU each of whose CPUs is the only one that another one has left; null: none was found. */
function squeezedOut(places: readonly BoundPlace[]): BoundPlace | null {
  const left = new Map(places.map((place) => [place, new Set(place.cpus)]));
  const byCpu = groupedBy(
    places.flatMap((place) => place.cpus.map((cpu) => ({ cpu, place }))),
    ({ cpu }) => cpu,
  );
  const settled = places.filter(({ cpus }) => cpus.length === 1);
  // It grows while it is gone through: those with one CPU from the start come first.
  for (const place of settled) {
    const [cpu = -1] = left.get(place) ?? [];
    for (const { place: other } of byCpu.get(cpu) ?? []) {
      const rest = left.get(other);
      if (other === place || rest?.delete(cpu) !== true) continue;
      if (rest.size === 0) return other;
      if (rest.size === 1) settled.push(other);
    }
  }
  return null;
}

/** vCPUs with the same list, where the list has fewer CPUs than there are of them. */
function crowdsOf(places: readonly BoundPlace[]): readonly (readonly BoundPlace[])[] {
  const byList = groupedBy(places, ({ cpus, pin }) => (cpus.length === 1 ? String(cpus[0]) : (pin?.text ?? '')));
  return [...byList.values()].filter((group) => group.length > (group[0]?.cpus.length ?? 0));
}

function crowdWords(crowd: readonly BoundPlace[]): string {
  const cpus = crowd[0]?.cpus ?? [];
  const vcpus = vcpuWords(crowd.map(({ id }) => id));
  return `${vcpus} are ${crowd.length === 2 ? 'both' : 'all'} pinned to ${cpuWords(cpus)}`;
}

/** The other end of the first ones. */
function othersSeen(document: DomainDocument, crowds: readonly (readonly BoundPlace[])[]): readonly Evidence[] {
  return crowds.slice(0, 5).flatMap(([place]) => (place === undefined ? [] : seenAt(document, pinSpot(document, place))));
}
