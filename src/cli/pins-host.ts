import type { FactStore } from '../engine/fact-store.ts';
import type { CpuTopology } from '../facts/cpu-topology.ts';
import { parseCpuset } from '../domain/cpuset.ts';
import type { Domain } from '../domain/model.ts';
import { facts } from '../facts/registry.ts';
import { findGpu, type GpuAnswer } from '../pinning/gpu.ts';
import type { PinRequest } from '../pinning/model.ts';

/** What a plan needs to know of a host. */
export type PinsHost = Pick<PinRequest, 'topology' | 'numaNodes' | 'isolated' | 'vendor' | 'hasTopoext' | 'processor' | 'others'> & {
  /** The GPU that `--gpu` names, or one of those that a definition is given. */
  findGpu(asked: string | null, given: readonly string[] | null): GpuAnswer;
};

/** Without the topology there is no plan; the processor's name and what is isolated may be missing. */
export async function lookAtHost(store: FactStore): Promise<PinsHost | { readonly unseen: string }> {
  const [topology, numaNodes, isolation, cpu, devices, passthrough, domains] = await Promise.all([
    store.get(facts.cpuTopology),
    store.get(facts.numaNodes),
    store.get(facts.cpuIsolation),
    store.get(facts.cpu),
    store.get(facts.pciDevices),
    store.get(facts.passthrough),
    store.get(facts.domains),
  ]);
  if (!topology.ok) return { unseen: `${topology.error.source}: ${topology.error.reason}` };
  if (!numaNodes.ok) return { unseen: `${numaNodes.error.source}: ${numaNodes.error.reason}` };
  if (!isComplete(topology.value)) return { unseen: '/sys/devices/system/cpu: no CPU is online' };
  return {
    topology: topology.value,
    numaNodes: numaNodes.value,
    isolated: isolation.ok ? isolation.value.isolated : null,
    vendor: cpu.ok ? cpu.value.vendor : null,
    hasTopoext: cpu.ok && cpu.value.flags.has('topoext'),
    processor: cpu.ok ? cpu.value.modelName : null,
    others: domains.ok ? domains.value.map(({ definition }) => pinnedBy(definition)) : [],
    findGpu: (asked, given) => findGpu({ asked, given, numaNodes: numaNodes.value, devices, passthrough }),
  };
}

function isComplete({ cores }: CpuTopology): boolean {
  return cores.length > 0;
}

function pinnedBy({ name, vcpuPins }: Pick<Domain, 'name' | 'vcpuPins'>): PinsHost['others'][number] {
  return { domain: name, cpus: vcpuPins.flatMap(({ cpus }) => parseCpuset(cpus) ?? []) };
}
