import { type Cell, cpusOf, firstCpu } from './cells.ts';
import type { Core } from './model.ts';
import { inOrder, isIsolated, type Placement, type Surroundings } from './place.ts';

/** More cores than these the threads of QEMU itself do not need. */
const EMULATOR_CORES = 2;

/**
 * CPUs for QEMU's own threads and for I/O: up to two cores of the host, whole, as near to the guest as there are any: in its
 * cache, else on its node, else in its package. Isolated ones only where there are no others, because the scheduler does
 * not balance load on them; core 0, where interrupts go to, last.
 */
export function emulatorCpus(cells: readonly Cell[], placement: Placement, boot: Core | undefined, around: Surroundings): number[] {
  const taken = new Set(placement.parts.flatMap(({ cores }) => cores.map(firstCpu)));
  const guest = placement.parts.map(({ cell }) => cell);
  const free = cells.flatMap((cell) =>
    cell.cores
      .filter((core) => !taken.has(firstCpu(core)))
      .map((core) => ({ core, nearness: [isIsolated(core, around) ? 0 : 1, nearness(cell, guest)] })),
  );
  const best = free.toSorted((a, b) => inOrder(b.nearness, a.nearness))[0]?.nearness ?? [];
  const nearest = free
    .filter((one) => inOrder(one.nearness, best) === 0)
    .map(({ core }) => core)
    .toSorted((a, b) => Number(a === boot) - Number(b === boot) || firstCpu(b) - firstCpu(a));
  return cpusOf(nearest.slice(0, EMULATOR_CORES));
}

function nearness({ node, cache, packageId }: Cell, guest: readonly Cell[]): number {
  const onNode = guest.filter((cell) => cell.node === node);
  if (cache !== null && onNode.some((cell) => cell.cache === cache)) return 3;
  if (onNode.some((cell) => cell.packageId === packageId)) return 2;
  return onNode.length > 0 ? 1 : 0;
}
