import type { Board } from './cpu-board.ts';
import type { Tenancy } from './cpu-tenants.ts';
import { nodesOf, numbersText, vcpusText } from './cpu-words.ts';
import type { Machine, MachineVm } from './machine.ts';
import { shorten } from './wrap.ts';

/** A GPU that goes to a VM, and the NUMA node that it is attached to. */
export interface PlacedGpu {
  readonly address: string;
  readonly node: number;
}

/** More than any VM has. */
const MOST = 8;

/** The GPUs of a VM of which the node is known; without a VM those that are meant to go to one. */
export function placedGpus({ inventory, passthrough }: Machine, vm: MachineVm | null): readonly PlacedGpu[] {
  const own = new Set(vm === null ? passthrough?.devices : vm.devices);
  const isMeant = ({ address, isPassedThrough, isLikely }: NonNullable<Machine['inventory']['gpus']>[number]): boolean =>
    own.has(address) || (vm === null && (isPassedThrough || isLikely));
  return (inventory.gpus ?? [])
    .flatMap((gpu) => (gpu.numaNode !== undefined && isMeant(gpu) ? [{ address: gpu.address, node: gpu.numaNode }] : []))
    .slice(0, MOST);
}

/** The nodes of some GPUs, where the processors have several; where there is one, nothing is near or far. */
export function gpuNodes(gpus: readonly PlacedGpu[], { cells }: Board): ReadonlySet<number> {
  return new Set(nodesOf(cells).length > 1 ? gpus.map(({ node }) => node) : []);
}

/** Where each GPU is, and which vCPUs run elsewhere; `isOdd` where some do. */
export function gpuSentences(
  gpus: readonly PlacedGpu[],
  { vcpus }: Tenancy,
  board: Board,
): readonly { readonly text: string; readonly isOdd: boolean }[] {
  if (nodesOf(board.cells).length < 2) return [];
  return gpus.map(({ address, node }) => {
    const where = `The GPU ${shorten(address, 40)} is on NUMA node ${node}`;
    const far = vcpus.map((group) => ({ ...group, nodes: nodesAt(group.cpus, board).filter((one) => one !== node) }));
    const ids = far.flatMap((group) => (group.nodes.length > 0 ? group.ids : []));
    if (ids.length === 0) return { text: vcpus.length === 0 ? `${where}.` : `${where}, as are its vCPUs with pins.`, isOdd: false };
    const nodes = [...new Set(far.flatMap((group) => group.nodes))].toSorted((a, b) => a - b);
    const on = `node${nodes.length === 1 ? '' : 's'} ${numbersText(nodes, 20)}`;
    return {
      text: `${where}, but ${vcpusText(ids)} ${ids.length === 1 ? 'runs' : 'run'} on ${on}: the way to the GPU is longer.`,
      isOdd: true,
    };
  });
}

function nodesAt(cpus: readonly number[], { placeOf }: Board): readonly number[] {
  return nodesOf(cpus.flatMap((cpu) => placeOf.get(cpu)?.cell ?? []));
}
