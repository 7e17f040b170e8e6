import type { HostSource } from '../host/source.ts';
import { readText } from './read.ts';

/** A path that could not be looked at. */
export interface Unread {
  readonly source: string;
  readonly reason: string;
}

/** A configuration file that counts. */
export interface ConfigurationText {
  readonly path: string;
  readonly text: string;
}

/** What a tool reads from its `*.conf` folders. */
export interface DropIns {
  /** In the order in which the tool applies them: sorted by file name, whatever the folder. */
  readonly files: readonly ConfigurationText[];
  readonly unread: readonly Unread[];
  /** Folders that could be listed, or are known not to exist. */
  readonly foldersSeen: number;
}

/**
 * The `*.conf` files of several folders, the strongest folder first: of files with the same name, the first counts and
 * hides the others. A folder that is reached under two names (/lib as a link to /usr/lib) is read once.
 */
export function readDropIns(host: HostSource, folders: readonly string[]): DropIns {
  const byName = new Map<string, string>();
  const unread: Unread[] = [];
  const listed = new Set<string>();
  let foldersSeen = 0;
  for (const folder of folders) {
    const real = host.real(folder);
    if (real.state === 'ok' && listed.has(real.value)) continue;
    if (real.state === 'ok') listed.add(real.value);
    const names = host.list(folder);
    if (names.state === 'unreadable') {
      unread.push({ source: folder, reason: names.detail });
      continue;
    }
    foldersSeen += 1;
    for (const name of names.state === 'ok' ? names.value : []) {
      if (name.endsWith('.conf') && !name.startsWith('.') && !byName.has(name)) byName.set(name, `${folder}/${name}`);
    }
  }
  const paths = [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  const { files, unread: hidden } = readConfigurations(host, paths);
  return { files, unread: [...unread, ...hidden], foldersSeen };
}

/** Reads configuration files in the order given; what is not there is left out. */
export function readConfigurations(host: HostSource, paths: readonly string[]): { files: ConfigurationText[]; unread: Unread[] } {
  const files: ConfigurationText[] = [];
  const unread: Unread[] = [];
  for (const path of paths) {
    const text = readText(host, path);
    if (text.state === 'ok') files.push({ path, text: text.value });
    else if (text.state === 'unreadable' && !isMask(host, path)) unread.push({ source: path, reason: text.detail });
  }
  return { files, unread };
}

/** A link to /dev/null is how an administrator hides a file of the distribution. */
function isMask(host: HostSource, path: string): boolean {
  const target = host.link(path);
  return target.state === 'ok' && target.value === '/dev/null';
}
