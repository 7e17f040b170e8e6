import type { CpuTopology } from '../src/facts/cpu-topology.ts';
import { describeCpu } from '../src/inventory/describe-board.ts';
import type { Inventory, InventoryCpu } from '../src/inventory/model.ts';
import type { Machine, MachineVm } from '../src/report/machine.ts';
import { aCpu, known } from './facts.ts';
import { aTopology } from './topologies.ts';

// Machines as a report describes them, hand-made.

const AMD = { vendor: 'amd', flags: new Set(['svm']) } as const;

/** What a report says of a processor of this make with these cores. */
export function aDescribedCpu(modelName: string, topology: CpuTopology): InventoryCpu {
  const cpu = describeCpu({ cpu: known(aCpu({ modelName, ...(modelName.startsWith('AMD') ? AMD : {}) })), cpuTopology: known(topology) });
  if (cpu === null) throw new Error('the processor has no description');
  return cpu;
}

/** An inventory with nothing in it but the processor. */
export function anInventory(cpu: InventoryCpu | null, given: Partial<Inventory> = {}): Inventory {
  return {
    schema: 1,
    tool: { name: 'passcheck', version: '0.1.0' },
    host: 'gaia',
    system: { distribution: null, kernel: null },
    takenAt: null,
    cpu,
    board: null,
    firmware: null,
    memory: { totalKiB: null, numaNodes: null, modules: null, emptySlots: null },
    gpus: null,
    disks: null,
    pciDevices: null,
    iommu: null,
    hidden: [],
    ...given,
  };
}

export function aMachine(cpu: InventoryCpu | null, vms: readonly MachineVm[] = [], given: Partial<Inventory> = {}): Machine {
  return { inventory: anInventory(cpu, given), vms: [...vms], environment: [] };
}

/** A VM whose vCPU n may run on `cpus[n]`. */
export function aVm(
  cpus: readonly (readonly number[] | null)[],
  given: Partial<MachineVm['pins']> & { readonly name?: string } = {},
): MachineVm {
  const { name = 'win11', ...pins } = given;
  return {
    name,
    vcpus: cpus.length,
    memoryKiB: 16 * 1024 * 1024,
    pins: {
      vcpus: cpus.map((list, id) => ({ id, cpus: list === null ? null : [...list] })),
      emulator: null,
      iothreads: [],
      ...pins,
    },
    devices: [],
  };
}

/** 8 + 16 cores, one cache. */
export const CORE_I9 = aDescribedCpu(
  '13th Gen Intel(R) Core(TM) i9-13900K',
  aTopology(
    [
      { cores: 8, sizeKiB: 36_864, kind: 'performance' },
      { cores: 16, threads: 1, kind: 'efficiency', sharesCache: true },
    ],
    'next',
  ),
);

/** Two dies, the larger cache on the first. */
export const RYZEN_X3D = aDescribedCpu(
  'AMD Ryzen 9 7950X3D 16-Core Processor',
  aTopology([
    { cores: 8, sizeKiB: 98_304 },
    { cores: 8, sizeKiB: 32_768 },
  ]),
);

/** Two sockets, 64 cores each in eight dies, 256 threads. */
export const EPYC = aDescribedCpu(
  'AMD EPYC 7763 64-Core Processor',
  aTopology(Array.from({ length: 16 }, (_, die) => ({ cores: 8, sizeKiB: 32_768, package: die >> 3, node: die >> 3 }))),
);

/** Four dies of two caches each, every die a NUMA node. */
export const THREADRIPPER = aDescribedCpu(
  'AMD Ryzen Threadripper 2990WX 32-Core Processor',
  aTopology(Array.from({ length: 8 }, (_, cache) => ({ cores: 4, sizeKiB: 8192, node: cache >> 1 }))),
);

/** Four cores of two threads. */
export const DESKTOP = aDescribedCpu('Intel(R) Core(TM) i7-6700', aTopology([{ cores: 4, sizeKiB: 8192 }]));
