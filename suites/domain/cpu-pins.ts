import type { DomainDocument } from '../../src/domain/document.ts';
import { perRoot } from '../../src/domain/per-root.ts';
import { pinningOf, type Place, vcpuPlaces } from '../../src/domain/pinning.ts';
import { first, type XmlElement } from '../../src/domain/xml.ts';
import type { Remedy } from '../../src/engine/outcome.ts';
import { formatCpuList } from '../../src/facts/cpu-list.ts';
import { shellWord } from '../../src/remedy/shell-word.ts';

/** Where vCPUs run, or why that cannot be judged. */
export type Placed<Value> = { readonly places: Value } | { readonly reason: string };

/** A vCPU that may run on these CPUs only. */
export interface BoundPlace extends Place {
  readonly cpus: readonly number[];
}

/** Of every vCPU that the guest starts with, when all of them have CPUs that they may run on. */
export const boundVcpus = perRoot((root): Placed<readonly BoundPlace[]> => {
  const document = { root };
  const { isBeyondLimit } = pinningOf(document);
  if (isBeyondLimit) return { reason: 'the pins name more CPUs than are looked at' };
  const places = vcpuPlaces(document);
  if (places.some(({ pin, cpus }) => pin !== null && cpus === null))
    return { reason: 'a pin has no list of CPUs (see domain/cpu/pin-lists)' };
  if (places.length === 0) return { reason: 'the number of vCPUs is not known' };
  const bound = places.flatMap((place) => (place.cpus === null ? [] : { ...place, cpus: place.cpus }));
  if (bound.length === places.length) return { places: bound };
  return { reason: bound.length === 0 ? 'the vCPUs are not pinned' : 'some vCPUs are not pinned' };
});

/** {@link boundVcpus} on a host: a vCPU whose CPUs are all missing or switched off runs nowhere, and nothing can be said of its place. */
export function boundOn(document: Pick<DomainDocument, 'root'>, online: readonly number[]): Placed<readonly BoundPlace[]> {
  const bound = boundVcpus(document);
  return 'reason' in bound ? bound : (nowhere(bound.places, online) ?? bound);
}

/** Why places cannot be judged: the host does not have the CPUs that some of them are pinned to. Null: it has. */
export function nowhere(places: readonly Pick<Place, 'cpus'>[], online: readonly number[]): { readonly reason: string } | null {
  const on = new Set(online);
  const isAway = ({ cpus }: Pick<Place, 'cpus'>): boolean => cpus !== null && !cpus.some((cpu) => on.has(cpu));
  return places.some(isAway) ? { reason: 'the host has no such CPUs switched on (see domain/cpu/pin-online)' } : null;
}

/** The CPU of each vCPU, when every one is pinned to exactly one. */
export function singleCpus(
  document: Pick<DomainDocument, 'root'>,
  online: readonly number[] | null = null,
): Placed<ReadonlyMap<number, number>> {
  const bound = online === null ? boundVcpus(document) : boundOn(document, online);
  if ('reason' in bound) return bound;
  const single = bound.places.flatMap(({ id, cpus: [cpu, ...others] }): [number, number][] =>
    cpu === undefined || others.length > 0 ? [] : [[id, cpu]],
  );
  return single.length === bound.places.length ? { places: new Map(single) } : { reason: 'some vCPUs may run on several CPUs' };
}

/** Is every vCPU pinned to one CPU of the host, and no two to the same? */
export function hasOwnCpus(document: Pick<DomainDocument, 'root'>): boolean {
  const single = singleCpus(document);
  return 'places' in single && new Set(single.places.values()).size === single.places.size;
}

/** All CPUs of some places. */
export function cpusOf(places: readonly Pick<BoundPlace, 'cpus'>[]): ReadonlySet<number> {
  return new Set(places.flatMap(({ cpus }) => cpus));
}

/** Where a definition says where its threads run: `<cputune>`, `<vcpu>`, or the domain itself where it says nothing. */
export function tuningElement({ root }: DomainDocument): XmlElement {
  return first(root, 'cputune') ?? first(root, 'vcpu') ?? root;
}

/** The place in the definition of one vCPU's pin. */
export function pinSpot(document: DomainDocument, place: Pick<Place, 'pin'> | undefined): XmlElement {
  return place?.pin?.element ?? tuningElement(document);
}

/** `vCPU 3`, `vCPUs 0 and 1`, `vCPUs 0-3,8`. */
export function vcpuWords(vcpus: readonly number[]): string {
  const [one, other] = vcpus;
  if (vcpus.length === 1) return `vCPU ${one}`;
  return vcpus.length === 2 ? `vCPUs ${one} and ${other}` : `vCPUs ${formatCpuList(vcpus)}`;
}

/** `CPU 3`, `CPUs 0-3,8`. */
export function cpuWords(cpus: Iterable<number>): string {
  const list = [...cpus];
  return `${list.length === 1 ? 'CPU' : 'CPUs'} ${formatCpuList(list)}`;
}

/** A fix that no edit of one line is: the planner looks at the host, and writes pins that fit together. */
export function pinsRemedy({ label, isDefined }: DomainDocument, summary: string, avoid: readonly number[] = []): Remedy {
  const file = label === '<stdin>' ? '-' : label.replace(/#[^/]*$/, '');
  // For a domain of libvirt it writes a file, and says how libvirt takes it.
  const others = avoid.length === 0 ? '' : ` --avoid ${formatCpuList(avoid)}`;
  return { summary, steps: [{ run: `passcheck pins --into ${shellWord(isDefined ? label : file)}${others}` }] };
}
