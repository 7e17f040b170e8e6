import type { Domain } from '../../src/domain/model.ts';

/** Is every vCPU pinned to one CPU of the host, and no two to the same? */
export function hasOwnCpus({ vcpus, vcpuPins }: Pick<Domain, 'vcpus' | 'vcpuPins'>): boolean {
  const pinned = new Map(vcpuPins.filter(({ cpus }) => /^\d{1,6}$/.test(cpus)).map(({ vcpu, cpus }) => [vcpu, Number(cpus)]));
  return pinned.size >= vcpus && new Set(pinned.values()).size === pinned.size;
}
