import { cellsOf } from './cells.ts';
import type { PinPlan, PinRequest } from './model.ts';
import { cellName } from './words.ts';

/** One hardware thread and who has it. */
export interface PictureThread {
  readonly cpu: number;
  readonly role: 'vcpu' | 'emulator' | 'host';
  /** Number of the vCPU; null for the other roles. */
  readonly vcpu: number | null;
}

/** Cores that share a cache. */
export interface PictureCell {
  /** `CCD 1` */
  readonly name: string;
  readonly cacheKiB: number | null;
  readonly packageId: number;
  readonly node: number | null;
  readonly cores: readonly { readonly kind: 'performance' | 'efficiency' | null; readonly threads: readonly PictureThread[] }[];
}

/** The processor as a plan divides it: what pictures are drawn from. */
export interface Picture {
  readonly cells: readonly PictureCell[];
  /** CPUs that are switched off. */
  readonly offline: readonly number[];
}

/** Without a plan everything is the host's. */
export function pictureOf(request: Pick<PinRequest, 'topology' | 'processor'>, plan: Pick<PinPlan, 'vcpus' | 'emulator'> | null): Picture {
  const { topology } = request;
  const vcpuOf = new Map(plan?.vcpus.map((cpu, vcpu): [number, number] => [cpu, vcpu]));
  const emulator = new Set(plan?.emulator);
  const toThread = (cpu: number): PictureThread => {
    const vcpu = vcpuOf.get(cpu) ?? null;
    if (vcpu !== null) return { cpu, role: 'vcpu', vcpu };
    return { cpu, role: emulator.has(cpu) ? 'emulator' : 'host', vcpu };
  };
  return {
    cells: cellsOf(topology).map((cell) => ({
      name: cellName(cell, request),
      cacheKiB: cell.sizeKiB,
      packageId: cell.packageId,
      node: cell.node,
      cores: cell.cores.map(({ kind, cpus }) => ({ kind, threads: cpus.map(toThread) })),
    })),
    offline: topology.offline,
  };
}
