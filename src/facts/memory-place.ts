import { parseCpuset } from '../domain/cpuset.ts';
import type { Domain } from '../domain/model.ts';
import { formatCpuList } from './cpu-list.ts';
import type { Attempt } from './fact.ts';
import type { NumaNode } from './numa.ts';
import type { Passthrough, SelectedGpu } from './passthrough.ts';

/** From which NUMA nodes of the host a VM's memory should come. */
export type MemoryPlace =
  | { readonly state: 'any' }
  | {
      readonly state: 'nodes';
      readonly nodes: readonly number[];
      /** For people: "the GPU 0000:01:00.0 is attached to it". */
      readonly because: string;
      readonly source: string;
    }
  | { readonly state: 'hidden'; readonly source: string; readonly reason: string; readonly hint: string };

const ANYWHERE: MemoryPlace = { state: 'any' };

/** The nodes that a domain's definition insists on, else the node of the GPU that it is given. */
export function placeOfDomain(domain: Domain, nodes: readonly NumaNode[], passthrough: Attempt<Passthrough>): MemoryPlace {
  if (domain.memoryNodes === null) return placeNearGpus(nodes, passthrough, (gpu) => gpu.domains.includes(domain.name));
  const source = `virsh dumpxml --inactive ${domain.name}`;
  const strict = parseCpuset(domain.memoryNodes);
  if (strict === null) {
    return {
      state: 'hidden',
      source,
      reason: `numatune names no nodes: ${domain.memoryNodes}`,
      hint: 'correct numatune in the definition',
    };
  }
  return { state: 'nodes', nodes: strict, because: 'its numatune insists on that', source };
}

/** The node of the selected GPUs; anywhere when only one node has memory, or the firmware does not say where they are attached. */
export function placeNearGpus(
  nodes: readonly NumaNode[],
  passthrough: Attempt<Passthrough>,
  isMeant: (gpu: SelectedGpu) => boolean = () => true,
): MemoryPlace {
  if (nodes.filter(({ memoryKiB }) => memoryKiB !== 0).length < 2) return ANYWHERE;
  if (!passthrough.ok) {
    const { source, reason, hint = 'name the GPU in passcheck.yaml' } = passthrough.error;
    return { state: 'hidden', source, reason: `which NUMA node the GPU is on is not known: ${reason}`, hint };
  }
  const near = passthrough.value.gpus.filter(isMeant).flatMap(({ address, functions }) => {
    const node = functions.find((device) => device.address === address)?.numaNode ?? null;
    return node === null ? [] : [{ address, node }];
  });
  const [first] = near;
  if (first === undefined) return ANYWHERE;
  return {
    state: 'nodes',
    nodes: [...new Set(near.map(({ node }) => node))].toSorted((a, b) => a - b),
    because: `GPU ${near.map(({ address }) => address).join(', ')} is attached there`,
    source: `/sys/bus/pci/devices/${first.address}/numa_node`,
  };
}

/** `1`, `0,2`: for people. */
export function nodeList({ nodes }: { readonly nodes: readonly number[] }): string {
  return formatCpuList(nodes);
}
