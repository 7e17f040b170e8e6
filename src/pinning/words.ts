import { formatCpuList } from '../facts/cpu-list.ts';
import { type Cell, cpusOf } from './cells.ts';
import type { Core, PinRequest } from './model.ts';

/** `1 core`, `8 cores`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** `CCD 1`, `CCD 1 and CCD 2`, `node 1, node 2 and node 5`. */
export function listed(things: readonly string[]): string {
  return things.length < 2 ? things.join('') : `${things.slice(0, -1).join(', ')} and ${things.at(-1) ?? ''}`;
}

/** `CPU 3`, `CPUs 8-15,24-31`. */
export function cpuWords(cpus: readonly number[]): string {
  return `${cpus.length === 1 ? 'CPU' : 'CPUs'} ${formatCpuList(cpus)}`;
}

/** The CPUs of some cores: `CPUs 0-3,8`. */
export function coreWords(cores: readonly Core[]): string {
  return cpuWords(cpusOf(cores));
}

/** `96 MiB`, `512 KiB`. */
export function sizeWords(sizeKiB: number): string {
  return sizeKiB >= 1024 ? `${Math.round(sizeKiB / 1024)} MiB` : `${sizeKiB} KiB`;
}

/** `16 GiB`, `15.9 GiB`. */
export function memoryWords(sizeKiB: number): string {
  return `${Math.floor((sizeKiB / 1024 / 1024) * 10) / 10} GiB`;
}

/**
 * What people call the cores of a cell: AMD's cores that share a cache are a CCX, of four cores before Zen 3; since then a CCD,
 * but for some server parts, is one. Elsewhere it is the cache's number.
 */
export function cellName({ cache, packageId }: Cell, { topology, processor }: Pick<PinRequest, 'topology' | 'processor'>): string {
  if (cache === null) return `package ${packageId}`;
  if (topology.l3.length === 1 || !/\b(?:Ryzen|EPYC|Threadripper)\b/.test(processor ?? '')) return `L3 cache ${cache}`;
  const threads = Math.max(...topology.cores.map(({ cpus }) => cpus.length));
  const isCcd = topology.l3.some(({ cpus }) => cpus.length > 4 * threads);
  return `${isCcd ? 'CCD' : 'CCX'} ${cache}`;
}
