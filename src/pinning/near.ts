import { type Cell, cpusOf, firstCpu } from './cells.ts';
import type { Core } from './model.ts';
import { inOrder, isIsolated, type Placement, type Surroundings } from './place.ts';

/** More cores than these the threads of QEMU itself do not need. */
const MOST_CORES = 2;

/** Who runs beside the vCPUs: a guest is shown the caches of the CPU that QEMU starts on, so its cores should be alike. */
type Helper = 'emulator' | 'iothreads';

/**
 * CPUs for QEMU's own threads or for I/O: up to two cores of the host, whole, as near to the guest as there are any: in its
 * cache, else on its node, else in its package. Isolated ones only where there are no others, because the scheduler does
 * not balance load on them; core 0, where interrupts go to, last.
 */
export function helperCpus(
  helper: Helper,
  cells: readonly Cell[],
  placement: Placement,
  boot: Core | undefined,
  around: Surroundings,
): number[] {
  const guest = placement.parts.flatMap(({ cores }) => cores);
  const taken = new Set(guest.map(firstCpu));
  const guestCells = placement.parts.map(({ cell }) => cell);
  const sizes = new Set(guestCells.map(({ sizeKiB }) => sizeKiB));
  const free = cells.flatMap((cell) =>
    cell.cores
      .filter((core) => !taken.has(firstCpu(core)))
      .map((core) => {
        const near = nearness(cell, guestCells);
        const isWanted = helper === 'iothreads' || (isAlike(core, guest[0]) && sizes.has(cell.sizeKiB));
        const isFree = !core.cpus.some((cpu) => around.avoided.has(cpu));
        const usable = [isFree ? 1 : 0, isIsolated(core, around) ? 0 : 1, near > 0 ? 1 : 0];
        return { core, rank: [...usable, isWanted ? 1 : 0, near], isUsable: !usable.includes(0) };
      }),
  );
  const nearest = nearestOf(free, boot);
  // Interrupts, the emulator and disks on one core are much, while others of the node have nothing to do.
  const others = free.filter(({ core, isUsable }) => core !== boot && isUsable);
  const isCrowded = helper === 'iothreads' && nearest.every((core) => core === boot) && others.length > 0;
  return cpusOf(isCrowded ? nearestOf(others, boot) : nearest);
}

function nearestOf(free: readonly { readonly core: Core; readonly rank: readonly number[] }[], boot: Core | undefined): readonly Core[] {
  const best = free.toSorted((a, b) => inOrder(b.rank, a.rank))[0]?.rank ?? [];
  return free
    .filter(({ rank }) => inOrder(rank, best) === 0)
    .map(({ core }) => core)
    .toSorted((a, b) => Number(a === boot) - Number(b === boot) || firstCpu(b) - firstCpu(a))
    .slice(0, MOST_CORES);
}

/** Of the same kind: one with a thread that is off has the same caches, an efficient core has not. */
function isAlike(core: Core, other: Core | undefined): boolean {
  return core.kind === other?.kind && (core.kind !== null || core.cpus.length === other.cpus.length);
}

function nearness({ node, cache, packageId }: Cell, guest: readonly Cell[]): number {
  const onNode = guest.filter((cell) => cell.node === node);
  if (cache !== null && onNode.some((cell) => cell.cache === cache)) return 3;
  if (onNode.some((cell) => cell.packageId === packageId)) return 2;
  return onNode.length > 0 ? 1 : 0;
}
