import type { Domain } from './model.ts';

/** A domain, and whether it holds its memory now. */
export interface DomainInUse {
  readonly definition: Domain;
  readonly isActive: boolean;
}

/** Sizes of the hugepages that a domain asks for, each once; null where it leaves the size to a host whose default is not known. */
export function pageSizesKiB({ hugepages }: Domain, defaultSizeKiB: number | null): readonly (number | null)[] {
  return [...new Set((hugepages ?? []).map(({ sizeKiB }) => sizeKiB ?? defaultSizeKiB))];
}

/** The domain's memory in whole pages of one size, in KiB. */
export function pagedMemoryKiB({ memoryKiB }: Domain, sizeKiB: number): number {
  return Math.ceil(memoryKiB / sizeKiB) * sizeKiB;
}

/** Two domains that are given the same device never run at the same time. */
function areRivals(one: Domain, other: Domain): boolean {
  return one.pciDevices.some(({ address }) => other.pciDevices.some((device) => device.address === address));
}

/**
 * The most memory in KiB that the domains can take together while `one` runs: rivals for a device count once, with the
 * largest of them, and the rivals of `one` not at all. `one` itself is not counted.
 */
export function demandBesideKiB(one: Domain, domains: readonly Domain[], sizeOf: (domain: Domain) => number): number {
  const counted: Domain[] = [];
  const bySize = domains
    .filter((domain) => domain !== one && !areRivals(one, domain))
    .toSorted((a, b) => sizeOf(b) - sizeOf(a) || (a.name < b.name ? -1 : 1));
  for (const domain of bySize) {
    if (!counted.some((other) => areRivals(domain, other))) counted.push(domain);
  }
  return counted.reduce((sum, domain) => sum + sizeOf(domain), 0);
}

/** The most memory in KiB that the domains can take together, rivals for a device counted once. */
export function largestDemandKiB(domains: readonly Domain[], sizeOf: (domain: Domain) => number): number {
  return Math.max(0, ...domains.map((domain) => sizeOf(domain) + demandBesideKiB(domain, domains, sizeOf)));
}

/** Counters of hugepages of one size. */
interface PageCounters {
  readonly sizeKiB: number;
  readonly total: number;
  readonly free: number;
  readonly reserved: number;
}

/**
 * What active domains hold in hugepages of one size, in KiB; a domain with several sizes counts under its first. Never more
 * than is taken: a definition can have grown since its domain was started.
 */
export function heldKiB(domains: readonly DomainInUse[], pool: PageCounters, defaultSizeKiB: number | null): number {
  const held = domains
    .filter(({ definition, isActive }) => isActive && pageSizesKiB(definition, defaultSizeKiB)[0] === pool.sizeKiB)
    .reduce((sum, { definition }) => sum + pagedMemoryKiB(definition, pool.sizeKiB), 0);
  return Math.min(held, Math.max(0, pool.total - pool.free + pool.reserved) * pool.sizeKiB);
}
