import { formatCpuList } from '../facts/cpu-list.ts';
import { counted, sizeWords } from '../pinning/words.ts';
import { shorten } from './wrap.ts';
import type { Board, BoardCell, BoardCore } from './cpu-board.ts';
import type { Group, Tenants } from './cpu-tenants.ts';

/** Numbers as a list of ranges that stays short enough for a line. */
export function numbersText(numbers: readonly number[], limit = 60): string {
  return shorten(formatCpuList(numbers), limit);
}

/** `CPU 3`, `CPUs 8-15,24-31`. */
export function cpusText(cpus: readonly number[]): string {
  return `${cpus.length === 1 ? 'CPU' : 'CPUs'} ${numbersText(cpus)}`;
}

/** `vCPU 3`, `vCPUs 0-7`. */
export function vcpusText(ids: readonly number[]): string {
  return `${ids.length === 1 ? 'vCPU' : 'vCPUs'} ${numbersText(ids)}`;
}

/** `I/O thread 1`, `I/O threads 1-2`. */
export function iothreadsText(ids: readonly number[]): string {
  return `${ids.length === 1 ? 'I/O thread' : 'I/O threads'} ${numbersText(ids)}`;
}

/** `CPU 5 is switched off` */
export function offText(cpus: readonly number[]): string {
  return `${cpusText(cpus)} ${cpus.length === 1 ? 'is' : 'are'} switched off`;
}

/** `CPUs 16-23 do not exist` */
export function absentText(cpus: readonly number[]): string {
  return `${cpusText(cpus)} ${cpus.length === 1 ? 'does' : 'do'} not exist`;
}

/** Who of a VM has some CPUs: `vCPUs 0-3`, `emulator`, `I/O thread 1`. */
export function tenantWords(tenants: readonly Tenants[]): readonly string[] {
  const vcpus = idsOf(tenants.flatMap((one) => one.vcpus));
  const iothreads = idsOf(tenants.flatMap((one) => one.iothreads));
  return [
    ...(vcpus.length === 0 ? [] : [vcpusText(vcpus)]),
    ...(tenants.some(({ hasEmulator }) => hasEmulator) ? ['emulator'] : []),
    ...(iothreads.length === 0 ? [] : [iothreadsText(iothreads)]),
  ];
}

function idsOf(groups: readonly Group[]): readonly number[] {
  return [...new Set(groups)].flatMap(({ ids }) => ids);
}

/** `CCD 0 · L3 96 MiB · 3D V-Cache`, with the NUMA node where the package has several. */
export function cellTitle(cell: BoardCell, { isStacked }: Pick<Board, 'isStacked'>, hasNode: boolean): string {
  const { name, node } = cell;
  return [
    name,
    cacheText(cell),
    ...(cell.isLarge ? [largeText(isStacked)] : []),
    ...(hasNode && node !== null ? [`node ${node}`] : []),
  ].join(' · ');
}

/** Without a third level a cell is named by its package. */
export function cacheText(cell: Pick<BoardCell, 'name' | 'cacheKiB'>): string {
  const { name, cacheKiB } = cell;
  if (cacheKiB === null) return hasCache(cell) ? 'size not known' : 'no L3 cache known';
  return `${name.startsWith('L3') ? '' : 'L3 '}${sizeWords(cacheKiB)}`;
}

/** Do its cores share a cache, as far as is known? */
export function hasCache({ name, cacheKiB }: Pick<BoardCell, 'name' | 'cacheKiB'>): boolean {
  return cacheKiB !== null || !name.startsWith('package');
}

/** Why a cache is marked. */
export function largeText(isStacked: boolean): string {
  return isStacked ? '3D V-Cache' : 'largest L3';
}

/** `Package 0 · 16 cores, 32 threads · NUMA node 0` */
export function packageTitle({ id, cells }: Board['packages'][number]): string {
  const nodes = nodesOf(cells);
  const where = nodes.length === 0 ? [] : [`NUMA ${nodes.length === 1 ? 'node' : 'nodes'} ${numbersText(nodes, 20)}`];
  return [`Package ${id}`, coresText(cells.flatMap(({ cores }) => cores)), ...where].join(' · ');
}

/** The NUMA nodes of some cells, each once. */
export function nodesOf(cells: readonly BoardCell[]): readonly number[] {
  return [...new Set(cells.flatMap(({ node }) => node ?? []))].toSorted((a, b) => a - b);
}

/** `8 cores, 16 threads`, `8 P + 16 E cores, 32 threads`; `8 cores` where each has one. */
export function coresText(cores: readonly BoardCore[]): string {
  const threads = cores.reduce((sum, core) => sum + core.threads.length, 0);
  const efficient = cores.filter(({ kind }) => kind === 'efficiency').length;
  const fast = cores.filter(({ kind }) => kind === 'performance').length;
  const other = cores.length - efficient - fast;
  const kinds = [other === 0 ? '' : String(other), fast === 0 ? '' : `${fast} P`, efficient === 0 ? '' : `${efficient} E`];
  const words = kinds.filter((part) => part !== '').join(' + ');
  const name = `${words} ${cores.length === 1 ? 'core' : 'cores'}`;
  return threads === cores.length ? name : `${name}, ${counted(threads, 'thread')}`;
}

/** Which threads are one core: `0+16, 1+17 … 7+23`, cores at equal steps as a row. */
export function siblingsText(cores: readonly BoardCore[]): string {
  const parts: string[] = [];
  for (let from = 0; from < cores.length;) {
    const to = rowEnd(cores, from);
    const of = (index: number): string => cores[index]?.threads.join('+') ?? '';
    if (to - from < 3) {
      parts.push(of(from));
      from += 1;
    } else {
      parts.push(`${of(from)}, ${of(from + 1)} … ${of(to)}`);
      from = to + 1;
    }
  }
  return shorten(parts.join(', '), 160);
}

/** The last of the cores that follow each other at the same step. */
function rowEnd(cores: readonly BoardCore[], from: number): number {
  const step = (cores[from + 1]?.threads[0] ?? 0) - (cores[from]?.threads[0] ?? 0);
  let to = from;
  while (to + 1 < cores.length && isShifted(cores[to]?.threads ?? [], cores[to + 1]?.threads ?? [], step)) to += 1;
  return to;
}

function isShifted(before: readonly number[], after: readonly number[], step: number): boolean {
  return before.length === after.length && before.every((cpu, index) => after[index] === cpu + step);
}
