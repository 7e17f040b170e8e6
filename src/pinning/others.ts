import type { DomainDocument } from '../domain/document.ts';
import { vcpuPlaces } from '../domain/pinning.ts';
import type { OtherVm, PinRequest } from './model.ts';

/** Where another VM runs; null where its vCPUs are not pinned. */
export function otherVm(document: DomainDocument): OtherVm | null {
  const places = vcpuPlaces(document);
  const cpus = [...new Set(places.flatMap((place) => place.cpus ?? []))].toSorted((a, b) => a - b);
  if (cpus.length === 0) return null;
  return { domain: document.domain.name, cpus, isFirm: cpus.length <= 2 * places.length };
}

/** CPUs that this VM does not get: those of other VMs, and those that `--avoid` names. */
export function avoidedCpus({ others, avoid }: Pick<PinRequest, 'others' | 'avoid'>): ReadonlySet<number> {
  return new Set([...avoid, ...others.filter(({ isFirm }) => isFirm).flatMap(({ cpus }) => cpus)]);
}
