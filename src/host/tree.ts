import { ABSENT, ok, type Reading, unreadable } from './reading.ts';
import { DEFAULT_READ_LIMIT, type FileKind, type FileStat, type HostSource, RANGE_READ_LIMIT } from './source.ts';
import type { TreeEntry, TreeStore } from './tree-store.ts';

const MAX_LINKS = 40;
const WHOLE_FILE_LIMIT = 64 * 1024 * 1024;

type Located = { readonly state: 'there'; readonly path: string; readonly entry: TreeEntry } | { readonly state: 'missing' | 'loop' };

/**
 * A captured `/proc` and `/sys`, as other tools make them (hwloc's and ghw's test data). Such tools keep only the files that
 * they themselves read, so a name that is missing says nothing about the host: it is `not-recorded`, never absent. Links
 * are followed inside the tree; absolute ones begin at its top, and `..` stops there. `top`: the folder of the store that
 * holds `proc` and `sys`, without a slash at the end.
 */
export function treeHost(store: TreeStore, top: string): HostSource {
  const folders = new Map<string, Located>();
  const locate = (path: string): Located => {
    const cut = path.lastIndexOf('/');
    const folder = path.slice(0, cut);
    const start = folders.get(folder) ?? walk(store, top, folder, '');
    folders.set(folder, start);
    return start.state === 'there' ? walk(store, top, path.slice(cut + 1), start.path) : start;
  };
  const at = <T>(path: string, answer: (found: { path: string; entry: TreeEntry }) => Reading<T>): Reading<T> => {
    const found = locate(path);
    if (found.state === 'there') return answer(found);
    return found.state === 'loop' ? unreadable('failed', 'too many symbolic links') : notRecorded(store);
  };
  const file = (path: string, limit: number): Reading<Uint8Array> => at(path, (found) => store.bytes(top + found.path, limit));
  return {
    kind: 'tree',
    read: (path, limit = DEFAULT_READ_LIMIT) => file(path, limit),
    readRange: (path, offset, length) => {
      if (length > RANGE_READ_LIMIT) return unreadable('too-large', `more than ${RANGE_READ_LIMIT} bytes asked for`);
      const whole = file(path, WHOLE_FILE_LIMIT);
      return whole.state === 'ok' ? ok(whole.value.subarray(offset, offset + length)) : whole;
    },
    list: (path) =>
      at(path, (found) => {
        const names = store.names(top + found.path || '/');
        return names === undefined ? ABSENT : ok(names);
      }),
    link: (path) => linkAt(store, top, path, locate),
    real: (path) => at(path, (found) => ok(found.path === '' ? '/' : found.path)),
    stat: (path) => at(path, ({ path: real, entry }) => statOf(store, real, entry)),
    space: () => notRecorded(store),
    writable: () => notRecorded(store),
    environment: () => notRecorded(store),
    run: async () => notRecorded(store),
  };
}

/** Follows `path` from the folder `from`, which itself is free of links. */
function walk(store: TreeStore, top: string, path: string, from: string): Located {
  let pending = parts(path);
  let done = from;
  for (let hops = 0; pending.length > 0;) {
    const [part = '', ...rest] = pending;
    pending = rest;
    if (part === '.') continue;
    if (part === '..') {
      done = done.slice(0, Math.max(0, done.lastIndexOf('/')));
      continue;
    }
    const entry = store.entry(`${top}${done}/${part}`);
    if (entry === undefined) return { state: 'missing' };
    if (entry.target === undefined) {
      done = `${done}/${part}`;
      continue;
    }
    if (++hops > MAX_LINKS) return { state: 'loop' };
    pending = [...parts(entry.target), ...pending];
    if (entry.target.startsWith('/')) done = '';
  }
  const entry = store.entry(top + done || '/');
  return entry === undefined ? { state: 'missing' } : { state: 'there', path: done, entry };
}

function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function linkAt(store: TreeStore, top: string, path: string, locate: (path: string) => Located): Reading<string> {
  const cut = path.lastIndexOf('/');
  const folder = locate(path.slice(0, cut) || '/');
  const entry = folder.state === 'there' ? store.entry(`${top}${folder.path}/${path.slice(cut + 1)}`) : undefined;
  if (entry === undefined) return notRecorded(store);
  return entry.target === undefined ? ABSENT : ok(entry.target);
}

/** Owners and modes of copies are those of the host only where nobody can change them: in /proc and /sys. */
function statOf(store: TreeStore, real: string, { kind, size, mode, uid, gid, mtimeMs }: TreeEntry): Reading<FileStat> {
  if (!/^\/(?:proc|sys)(?:\/|$)/.test(real) || kind === 'link') return notRecorded(store);
  return ok({ kind: kind satisfies FileKind, size, mode, uid, gid, mtimeMs });
}

function notRecorded({ name }: TreeStore): Reading<never> {
  return unreadable('not-recorded', `${name} does not hold it`);
}
