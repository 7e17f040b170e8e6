import type { CpuTopology } from '../facts/cpu-topology.ts';
import type { NumaNode } from '../facts/numa.ts';

/** A core of the host with its threads that are online. */
export type Core = CpuTopology['cores'][number];

/** What a plan is made for, and what is known of the host. */
export interface PinRequest {
  readonly topology: CpuTopology;
  readonly numaNodes: readonly NumaNode[];
  readonly vendor: 'intel' | 'amd' | 'other' | null;
  /** As the kernel names the processor; null: not known. */
  readonly processor: string | null;
  /** The processor can tell a guest which of its CPUs are threads of one core (AMD's `topoext`). */
  readonly hasTopoext: boolean;
  /** CPUs that `isolcpus` keeps free; null: not known. */
  readonly isolated: readonly number[] | null;
  /** How many vCPUs are asked for; null: as many as are sensible. */
  readonly vcpus: number | null;
  /** Cores that the host must keep; null: as many as are sensible. */
  readonly hostCores: number | null;
  /** Numbers of the I/O threads. */
  readonly iothreads: readonly number[];
  readonly gpu: PinnedGpu | null;
  /** KiB of the VM's memory; null: not known. */
  readonly memoryKiB: number | null;
  /** Hugepages back the VM's memory. */
  readonly usesHugepages: boolean;
  /** Other VMs that can run at the same time. */
  readonly others: readonly OtherVm[];
  /** CPUs that the VM must not get, because somebody says so. */
  readonly avoid: readonly number[];
}

/** Another VM, and the CPUs that its vCPUs are pinned to. */
export interface OtherVm {
  readonly domain: string;
  readonly cpus: readonly number[];
  /** It has few CPUs but these: a VM that may go nearly anywhere makes room. */
  readonly isFirm: boolean;
}

/** The GPU of the guest; for a VM without one another device that it is given. */
export interface PinnedGpu {
  readonly kind: 'GPU' | 'device';
  readonly address: string;
  /** The NUMA node that it hangs on; null where the firmware does not say. */
  readonly node: number | null;
}

/** Where each thread of a VM runs, and why. CPU lists are sorted. */
export interface PinPlan {
  /** The host CPU of each vCPU, by its number. Threads of a core are next to each other. */
  readonly vcpus: readonly number[];
  /** Of the guest; the product is the number of vCPUs. */
  readonly guest: { readonly sockets: 1; readonly dies: number; readonly cores: number; readonly threads: number };
  readonly emulator: readonly number[];
  readonly iothreads: readonly { readonly id: number; readonly cpus: readonly number[] }[];
  /** Every CPU that is online and has no vCPU, of this VM or another, those of the emulator with them. */
  readonly host: readonly number[];
  /** CPUs that are left to other VMs, or that `--avoid` names. */
  readonly avoided: readonly number[];
  /** The node that memory must come from; null where all memory is alike. */
  readonly memoryNode: number | null;
  /** The only node of the host that has memory; null where several have, or the kernel knows no nodes. */
  readonly onlyMemoryNode: number | null;
  readonly needsTopoext: boolean;
  /** The guest may be shown the caches of the host: they are the same wherever QEMU asks for them. */
  readonly showsCaches: boolean;
  /** `isolcpus` keeps the host off all CPUs of the vCPUs already. */
  readonly isIsolated: boolean;
  /** Why it is like this, in sentences. */
  readonly reasons: readonly string[];
  /** What the user should know or may want to change, in sentences. */
  readonly notes: readonly string[];
}

/** Why there is no plan, and what would work instead. */
export interface Refusal {
  readonly reason: string;
  readonly instead: string;
}

/** A plan, or why there is none. */
export type PinAnswer = { readonly plan: PinPlan } | { readonly refusal: Refusal };
