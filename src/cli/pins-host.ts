import type { FactStore } from '../engine/fact-store.ts';
import type { CpuTopology } from '../facts/cpu-topology.ts';
import type { DefinedDocument } from '../facts/defined-documents.ts';
import type { Attempt } from '../facts/fact.ts';
import { facts } from '../facts/registry.ts';
import { findGpu, type GpuAnswer } from '../pinning/gpu.ts';
import type { PinRequest } from '../pinning/model.ts';

/** What a plan needs to know of a host. */
export type PinsHost = Pick<PinRequest, 'topology' | 'numaNodes' | 'isolated' | 'vendor' | 'hasTopoext' | 'processor'> & {
  /** The domains that libvirt has. */
  readonly defined: Attempt<readonly DefinedDocument[]>;
  /** The GPU that `--gpu` names, or one of those that a definition is given. */
  findGpu(asked: string | null, given: readonly string[] | null): GpuAnswer;
};

/** Without the topology there is no plan; the processor's name and what is isolated may be missing. */
export async function lookAtHost(store: FactStore): Promise<PinsHost | { readonly unseen: string }> {
  const [topology, numaNodes, isolation, cpu, devices, passthrough, defined] = await Promise.all([
    store.get(facts.cpuTopology),
    store.get(facts.numaNodes),
    store.get(facts.cpuIsolation),
    store.get(facts.cpu),
    store.get(facts.pciDevices),
    store.get(facts.passthrough),
    store.get(facts.definedDocuments),
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
    defined,
    findGpu: (asked, given) => findGpu({ asked, given, numaNodes: numaNodes.value, devices, passthrough }),
  };
}

function isComplete({ cores }: CpuTopology): boolean {
  return cores.length > 0;
}
