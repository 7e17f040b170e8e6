import { shellWord } from '../../remedy/shell-word.ts';
import type { ConnectionUri } from '../../libvirt/virsh.ts';

/** A size as people write it: `60 GiB`, `1536 MiB`; in bytes where nothing rounder says the same. */
export function sizeText(bytes: number): string {
  const found = UNITS.find(([power]) => bytes >= 1024 ** power && bytes % 1024 ** power === 0);
  return found === undefined ? `${bytes} bytes` : `${bytes / 1024 ** found[0]} ${found[1]}`;
}

/** {@link sizeText} for what nobody chose (free space): rounded down to a tenth. */
export function roughSize(bytes: number): string {
  const [power, unit] = UNITS.find(([candidate]) => bytes >= 1024 ** candidate) ?? [0, 'bytes'];
  return `${Math.floor((bytes / 1024 ** power) * 10) / 10} ${unit}`;
}

const UNITS = [
  [4, 'TiB'],
  [3, 'GiB'],
  [2, 'MiB'],
  [1, 'KiB'],
] as const;

/** A command of virsh for a person's shell. */
export function virshCommand(connection: ConnectionUri, ...words: readonly string[]): string {
  return ['virsh', '-c', connection, ...words.map(shellWord)].join(' ');
}

/** `a`, `a and b`, `a, b and 3 more`: names of anybody's objects, a few of them. */
export function nameList(names: readonly string[], most = 4): string {
  const sorted = [...new Set(names)].toSorted();
  const shown = sorted.length > most ? sorted.slice(0, most - 1) : sorted;
  const rest = sorted.length - shown.length;
  const last = rest > 0 ? `${rest} more` : shown.at(-1);
  const before = rest > 0 ? shown : shown.slice(0, -1);
  return before.length === 0 ? (last ?? '') : `${before.join(', ')} and ${last}`;
}

/** `1 disk`, `2 disks`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
