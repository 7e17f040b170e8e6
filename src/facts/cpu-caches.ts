import type { HostSource } from '../host/source.ts';
import { parseCpuList, parseCpuMask } from './cpu-list.ts';
import { readAttribute, valueOrNull } from './read.ts';

/** CPUs that share a cache. */
export interface CacheDomain {
  /** Sorted. */
  readonly cpus: readonly number[];
  /** KiB; null when the kernel does not say. */
  readonly sizeKiB: number | null;
}

/** Second- and third-level caches, sorted by their first CPU. */
export interface Caches {
  readonly l2: readonly CacheDomain[];
  readonly l3: readonly CacheDomain[];
}

/**
 * Reads caches until every core is covered, each once, and finds them by what they say of their level: `index3` need not
 * be the third. Nothing here decides a verdict; what is hidden is missing.
 */
export function readCaches(host: HostSource, cores: readonly (readonly number[])[]): Caches {
  const domains: Record<Level, CacheDomain[]> = { 2: [], 3: [] };
  const covered: Record<Level, Set<number>> = { 2: new Set(), 3: new Set() };
  // Which index has which level is as a rule the same on all cores: the last answer is tried first.
  let indexes: readonly CacheIndex[] = [];
  for (const [cpu = 0] of cores) {
    const folder = `/sys/devices/system/cpu/cpu${cpu}/cache`;
    const missing = LEVELS.filter((level) => !covered[level].has(cpu));
    if (missing.length === 0) continue;
    const fits =
      indexes.length > 0 && indexes.every(({ name, level }) => !missing.includes(level) || readLevel(host, `${folder}/${name}`) === level);
    if (!fits) indexes = findIndexes(host, folder);
    for (const { name, level } of indexes) {
      const domain = missing.includes(level) ? readCache(host, `${folder}/${name}`) : null;
      if (domain === null) continue;
      domains[level].push(domain);
      for (const one of domain.cpus) covered[level].add(one);
    }
  }
  return { l2: sorted(domains[2]), l3: sorted(domains[3]) };
}

type Level = 2 | 3;
const LEVELS: readonly Level[] = [2, 3];

interface CacheIndex {
  readonly name: string;
  readonly level: Level;
}

function findIndexes(host: HostSource, folder: string): readonly CacheIndex[] {
  const names = valueOrNull(host.list(folder)) ?? [];
  return names
    .filter((name) => /^index\d{1,2}$/.test(name))
    .flatMap((name) => {
      const level = readLevel(host, `${folder}/${name}`);
      return level === null ? [] : [{ name, level }];
    });
}

/** Null for a first-level cache or none. */
function readLevel(host: HostSource, folder: string): Level | null {
  const level = valueOrNull(readAttribute(host, `${folder}/level`));
  if (level === '2') return 2;
  return level === '3' ? 3 : null;
}

function readCache(host: HostSource, folder: string): CacheDomain | null {
  const list = valueOrNull(readAttribute(host, `${folder}/shared_cpu_list`));
  const mask = list === null ? valueOrNull(readAttribute(host, `${folder}/shared_cpu_map`)) : null;
  const cpus = list === null ? parseCpuMask(mask ?? '') : parseCpuList(list);
  if (cpus === null || cpus.length === 0) return null;
  return { cpus, sizeKiB: cacheSizeKiB(valueOrNull(readAttribute(host, `${folder}/size`)) ?? '') };
}

/** `32768K` → 32768 */
export function cacheSizeKiB(text: string): number | null {
  const match = /^(\d{1,9})([KM]?)$/.exec(text);
  if (match === null) return null;
  return Number(match[1]) * (match[2] === 'M' ? 1024 : 1);
}

function sorted(domains: readonly CacheDomain[]): readonly CacheDomain[] {
  return domains.toSorted((a, b) => (a.cpus[0] ?? 0) - (b.cpus[0] ?? 0));
}
