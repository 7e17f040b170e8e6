import type { FactStore } from '../engine/fact-store.ts';
import type { Attempt } from '../facts/fact.ts';
import type { PciDevice } from '../facts/pci-devices.ts';
import { facts } from '../facts/registry.ts';
import type { PinRequest } from './model.ts';

/** What a plan needs to know of a host, whatever VM it is for. */
export type PinsHost = Pick<PinRequest, 'topology' | 'numaNodes' | 'isolated' | 'vendor' | 'hasTopoext' | 'processor'> & {
  readonly devices: Attempt<readonly PciDevice[]>;
};

/** Without the topology there is no plan; the processor's name and what is isolated may be missing. */
export async function lookAtHost(store: FactStore): Promise<PinsHost | { readonly unseen: string }> {
  const [topology, numaNodes, isolation, cpu, devices] = await Promise.all([
    store.get(facts.cpuTopology),
    store.get(facts.numaNodes),
    store.get(facts.cpuIsolation),
    store.get(facts.cpu),
    store.get(facts.pciDevices),
  ]);
  if (!topology.ok) return { unseen: `${topology.error.source}: ${topology.error.reason}` };
  if (!numaNodes.ok) return { unseen: `${numaNodes.error.source}: ${numaNodes.error.reason}` };
  if (topology.value.cores.length === 0) return { unseen: '/sys/devices/system/cpu: no CPU is online' };
  return {
    topology: topology.value,
    numaNodes: numaNodes.value,
    isolated: isolation.ok ? isolation.value.isolated : null,
    vendor: cpu.ok ? cpu.value.vendor : null,
    hasTopoext: cpu.ok && cpu.value.flags.has('topoext'),
    processor: cpu.ok ? cpu.value.modelName : null,
    devices,
  };
}
