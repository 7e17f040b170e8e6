import { ok, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import type { Mount } from './mounts.ts';
import { readText } from './read.ts';

const BLOCK = '/sys/class/block';
/** Far more than partitions, volumes and encryption over one drive make. */
const MAX_NAMES = 256;

/** What {@link mountedOver} calls swap space. */
export const SWAP = 'swap';

/**
 * Folders on which the host has mounted a block device, a partition of it, or what is built on it (LVM, LUKS, RAID), sorted;
 * `swap` where it is used for that.
 */
export function mountedOver(host: HostSource, name: string, mounts: readonly Mount[]): Reading<readonly string[]> {
  const names = namesOver(host, name);
  if (names.state !== 'ok') return names;
  const swaps = readText(host, '/proc/swaps');
  if (swaps.state === 'unreadable') return swaps;
  const uses = [...mounts, ...(swaps.state === 'ok' ? parseSwaps(swaps.value) : [])];
  const targets = uses
    .filter(({ source }) => source.startsWith('/dev/') && names.value.has(kernelName(host, source)))
    .map(({ target }) => target);
  return ok([...new Set(targets)].toSorted());
}

/** Lines `/dev/sda2  partition  8388604  0  -2`, under a line of titles. proc_swaps(5) */
function parseSwaps(text: string): readonly Pick<Mount, 'source' | 'target'>[] {
  return text.split('\n').flatMap((line) => {
    const source = /^(\/\S+)\s+partition\s/.exec(line)?.[1];
    return source === undefined ? [] : [{ source, target: SWAP }];
  });
}

/** The name in /sys/class/block of a path in /dev: `/dev/mapper/vg-root` is `dm-0`. */
export function kernelName(host: HostSource, path: string): string {
  const real = host.real(path);
  return (real.state === 'ok' ? real.value : path).replace(/^.*\//, '');
}

/** A device itself, its partitions, and what holds one of them open. */
function namesOver(host: HostSource, name: string): Reading<ReadonlySet<string>> {
  const seen = new Set([name]);
  for (const current of seen) {
    if (seen.size > MAX_NAMES) break;
    const inside = host.list(`${BLOCK}/${current}`);
    if (inside.state === 'unreadable') return inside;
    const holders = host.list(`${BLOCK}/${current}/holders`);
    if (holders.state === 'unreadable') return holders;
    const partitions = inside.state === 'ok' ? inside.value.filter((entry) => isPartitionOf(entry, current)) : [];
    for (const found of [...partitions, ...(holders.state === 'ok' ? holders.value : [])]) seen.add(found);
  }
  return ok(seen);
}

/** `sda1` of `sda`, `nvme0n1p2` of `nvme0n1`. */
function isPartitionOf(entry: string, disk: string): boolean {
  return entry.startsWith(disk) && /^p?\d{1,3}$/.test(entry.slice(disk.length));
}
