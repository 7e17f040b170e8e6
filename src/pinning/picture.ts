import { cellsOf } from './cells.ts';
import type { PinPlan, PinRequest } from './model.ts';
import { cellName } from './words.ts';

/** One hardware thread and who has it: a vCPU, what the plan leaves it to (`avoided`), or the host, with the emulator's or only I/O threads on it or without. */
export interface PictureThread {
  readonly cpu: number;
  readonly role: 'vcpu' | 'emulator' | 'iothread' | 'avoided' | 'host';
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
export function pictureOf(
  request: Pick<PinRequest, 'topology' | 'processor'>,
  plan: Pick<PinPlan, 'vcpus' | 'emulator' | 'iothreads' | 'avoided'> | null,
): Picture {
  const { topology } = request;
  const vcpuOf = new Map(plan?.vcpus.map((cpu, vcpu): [number, number] => [cpu, vcpu]));
  const emulator = new Set(plan?.emulator);
  const avoided = new Set(plan?.avoided);
  const io = new Set(plan?.iothreads.flatMap(({ cpus }) => cpus));
  const toThread = (cpu: number): PictureThread => {
    const vcpu = vcpuOf.get(cpu) ?? null;
    if (vcpu !== null) return { cpu, role: 'vcpu', vcpu };
    if (emulator.has(cpu)) return { cpu, role: 'emulator', vcpu };
    if (avoided.has(cpu)) return { cpu, role: 'avoided', vcpu };
    return { cpu, role: io.has(cpu) ? 'iothread' : 'host', vcpu };
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
