import { ABSENT, ok, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import { memory } from './memory.ts';
import { nodeNumbers } from './numa.ts';
import { optionalList, readAttribute, required } from './read.ts';

/** The pages of one size on one NUMA node. */
interface HugepageNode {
  readonly node: number;
  readonly total: number;
  readonly free: number;
  readonly surplus: number;
}

/** The pages of one size, counted in pages. */
export interface HugepagePool {
  readonly sizeKiB: number;
  /** Every page that exists now, `surplus` with it. */
  readonly total: number;
  readonly free: number;
  /** Promised to somebody, not yet taken; part of `free`. */
  readonly reserved: number;
  /** Made on demand beyond the pool. */
  readonly surplus: number;
  /** How many may be made on demand beyond the pool. */
  readonly overcommit: number;
  /** By node, sorted; empty on a kernel without NUMA. The kernel keeps no `reserved` and no `overcommit` by node. */
  readonly nodes: readonly HugepageNode[];
}

export interface Hugepages {
  /** By size, the smallest first; none when the kernel has no hugepages. */
  readonly pools: readonly HugepagePool[];
  /** The size that is meant when nobody names one (`Hugepagesize` of /proc/meminfo). */
  readonly defaultSizeKiB: number | null;
  /** `always`, `madvise` or `never`; absent when the kernel has no transparent hugepages. */
  readonly transparent: Reading<string>;
  /** The same of shared memory (memfd, tmpfs): `never`, `advise`, `within_size`, `always`, `deny` or `force`. */
  readonly transparentShared: Reading<string>;
}

export const HUGEPAGES = '/sys/kernel/mm/hugepages';
const NODES = '/sys/devices/system/node';
const TRANSPARENT = '/sys/kernel/mm/transparent_hugepage/enabled';
const TRANSPARENT_SHARED = '/sys/kernel/mm/transparent_hugepage/shmem_enabled';

/** Hugepages by size and by node. https://docs.kernel.org/admin-guide/mm/hugetlbpage.html */
export const hugepages = defineFact({
  id: 'hugepages',
  needs: { memory },
  collect(host, facts): Hugepages {
    const sizes = optionalList(host, HUGEPAGES).flatMap((name) => pageSizeKiB(name) ?? []);
    const nodes = sizes.length === 0 ? [] : nodeNumbers(optionalList(host, NODES));
    return {
      pools: sizes.toSorted((a, b) => a - b).map((sizeKiB) => readPool(host, sizeKiB, nodes)),
      defaultSizeKiB: facts.memory.defaultHugepageKiB,
      transparent: transparentMode(readAttribute(host, TRANSPARENT)),
      transparentShared: transparentMode(readAttribute(host, TRANSPARENT_SHARED)),
    };
  },
});

/** Pages that somebody who asks now gets: free ones that are not promised, and what may be made on demand. */
export function usablePages({ free, reserved, overcommit, surplus }: HugepagePool): number {
  return Math.max(0, free - reserved) + Math.max(0, overcommit - surplus);
}

/** `hugepages-2048kB` → 2048 */
export function pageSizeKiB(name: string): number | null {
  const size = Number(/^hugepages-(\d{1,9})kB$/.exec(name)?.[1] ?? 0);
  return size > 0 ? size : null;
}

function readPool(host: HostSource, sizeKiB: number, nodes: readonly number[]): HugepagePool {
  const folder = `${HUGEPAGES}/hugepages-${sizeKiB}kB`;
  return {
    sizeKiB,
    total: count(host, `${folder}/nr_hugepages`),
    free: count(host, `${folder}/free_hugepages`),
    reserved: count(host, `${folder}/resv_hugepages`),
    surplus: count(host, `${folder}/surplus_hugepages`),
    overcommit: count(host, `${folder}/nr_overcommit_hugepages`),
    nodes: nodes.flatMap((node) => readNode(host, sizeKiB, node) ?? []),
  };
}

/** Null for a node without memory: the kernel gives it no pool. */
function readNode(host: HostSource, sizeKiB: number, node: number): HugepageNode | null {
  const folder = `${NODES}/node${node}/hugepages/hugepages-${sizeKiB}kB`;
  const total = readAttribute(host, `${folder}/nr_hugepages`);
  if (total.state === 'absent') return null;
  return {
    node,
    total: pages(`${folder}/nr_hugepages`, required(`${folder}/nr_hugepages`, total)),
    free: count(host, `${folder}/free_hugepages`),
    surplus: count(host, `${folder}/surplus_hugepages`),
  };
}

function count(host: HostSource, path: string): number {
  return pages(path, required(path, readAttribute(host, path)));
}

function pages(source: string, text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new FactError({ source, reason: 'no number of pages', hint: 'look at the file by hand' });
  return Number(text);
}

/** `always [madvise] never` → `madvise` */
function transparentMode(reading: Reading<string>): Reading<string> {
  if (reading.state !== 'ok') return reading;
  const mode = /\[([a-z_]{1,16})\]/.exec(reading.value)?.[1];
  return mode === undefined ? ABSENT : ok(mode);
}
