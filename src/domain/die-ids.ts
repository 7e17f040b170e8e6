/**
 * How many APIC IDs so many CPUs take: fields of an APIC ID are whole bits, so six threads that share a cache count as eight.
 * Intel SDM volume 3, "Hierarchical mapping of CPUID extended topology leaf"; AMD APM volume 3, CPUID Fn8000_001D.
 */
export function idsOf(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, count)));
}

/**
 * Do caches of the host, passed through, reach over several dies of the guest? The guest counts who shares a cache as the host
 * does: a die with fewer APIC IDs is a part of one cache then, which several dies cannot be.
 */
export function isNarrowerThan(
  guest: { readonly dies: number; readonly cores: number; readonly threads: number },
  l3: readonly { readonly cpus: readonly number[] }[],
): boolean {
  if (!(guest.dies > 1) || l3.length === 0) return false;
  return idsOf(guest.cores) * idsOf(guest.threads) < Math.min(...l3.map(({ cpus }) => idsOf(cpus.length)));
}
