import { basename } from 'node:path';

import { UsageError } from '../../usage-error.ts';

/** One copy: which guest, which file there, which file here. */
export interface Copy {
  readonly direction: 'up' | 'down';
  readonly guest: string;
  readonly remote: string;
  readonly local: string;
}

interface Remote {
  readonly guest: string;
  readonly path: string;
}

/** Reads the two words of a copy: the one with a colon before its first slash is in a guest, as scp has it. */
export function copyOf(from: string, to: string): Copy {
  const [source, target] = [remoteOf(from), remoteOf(to)];
  if (source !== null && target !== null) throw new UsageError(`${from} and ${to} are both in a guest: copy through a file here`);
  if (target !== null) {
    const remote = /[/\\]$/.test(target.path) ? `${target.path}${basename(from)}` : target.path;
    return { direction: 'up', guest: target.guest, remote: absolute(remote), local: from };
  }
  if (source !== null) return { direction: 'down', guest: source.guest, remote: absolute(source.path), local: to };
  throw new UsageError(`neither ${from} nor ${to} is in a guest: write VM:PATH, as in dc01:/etc/hosts or win11:C:\\Temp\\a.txt`);
}

/** The name that a file of a guest gets in a folder here. */
export function nameOf(remote: string): string {
  const name = remote.split(/[/\\]/).at(-1) ?? '';
  if (name === '' || name === '.' || name === '..') throw new UsageError(`${remote} names no file`);
  return name;
}

function remoteOf(word: string): Remote | null {
  const [, guest, path] = /^((?:[^/:@]{1,100}@)?(?:\[[^\]]{1,100}\]|[^/:]{1,200})):(.{1,4000})$/s.exec(word) ?? [];
  return guest === undefined || path === undefined ? null : { guest, path };
}

/** A guest agent has no home folder, so relative paths would mean something else with each channel. */
function absolute(path: string): string {
  if (/^\/|^[a-z]:[\\/]/i.test(path) && !path.includes('\0')) return path;
  throw new UsageError(`${path} in the guest: want a path from the root, as /etc/hosts or C:\\Temp\\a.txt`);
}
