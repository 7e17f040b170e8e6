import type { Header } from 'tar-stream';

import { UsageError } from '../usage-error.ts';
import { ABSENT, ok, type Reading, unreadable } from './reading.ts';
import { baseNameOf, folderOf, isPlainPath, type TreeEntry, type TreeStore } from './tree-store.ts';

/** A host has a few thousand interesting files. */
const ENTRY_LIMIT = 100_000;
const PATH_LIMIT = 4096;

interface ArchiveEntry extends TreeEntry {
  readonly content: Uint8Array | undefined;
}

/** The entries of a tar archive, held in memory. Throws a {@link UsageError} for one that is damaged or means harm. */
export async function archiveTree(
  name: string,
  tar: Uint8Array,
): Promise<TreeStore & { readonly entries: ReadonlyMap<string, TreeEntry> }> {
  const entries = await readEntries(name, tar);
  const folders = foldersOf(entries);
  return {
    name,
    entries,
    entry: (path) => entries.get(path) ?? (folders.has(path) ? IMPLIED_FOLDER : undefined),
    names: (path) => {
      const names = folders.get(path);
      return names === undefined ? undefined : [...names].toSorted();
    },
    bytes(path, limit): Reading<Uint8Array> {
      const entry = entries.get(path);
      if (entry === undefined) return folders.has(path) ? unreadable('failed', 'not a regular file') : ABSENT;
      if (entry.content === undefined) return unreadable('failed', 'not a regular file');
      return entry.content.length > limit ? unreadable('too-large', `larger than ${limit} bytes`) : ok(entry.content);
    },
  };
}

const IMPLIED_FOLDER: TreeEntry = { kind: 'directory', size: 0, mode: 0o755, uid: 0, gid: 0, mtimeMs: 0 };

async function readEntries(name: string, tar: Uint8Array): Promise<Map<string, ArchiveEntry>> {
  const { extract } = await import('tar-stream');
  const stream = extract();
  const entries = new Map<string, ArchiveEntry>();
  stream.end(tar);
  try {
    for await (const item of stream) {
      const { header } = item;
      const chunks: Uint8Array[] = [];
      for await (const chunk of item) chunks.push(chunk as Uint8Array);
      const path = confined(name, header.name);
      if (path !== '/') entries.set(path, toEntry(name, header, chunks, entries));
      if (entries.size > ENTRY_LIMIT)
        throw new UsageError(`${name} has more than ${ENTRY_LIMIT} entries: no recording of a host is that large`);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${name} ${message === 'Unexpected end of data' ? 'is truncated' : `is damaged (${message})`}`, { cause: error });
  }
  return entries;
}

function toEntry(name: string, header: Header, chunks: Uint8Array[], known: ReadonlyMap<string, ArchiveEntry>): ArchiveEntry {
  const { size, mode, uid, gid, mtime, type, linkname } = header;
  const shared = { size, mode: mode & 0o7777, uid, gid, mtimeMs: mtime.getTime(), content: undefined };
  if (type === 'symlink') return { ...shared, kind: 'link', target: linkname };
  if (type === 'link') return known.get(confined(name, linkname)) ?? { ...shared, kind: 'link', target: `/${linkname}` };
  if (type === 'file' || type === 'contiguous-file') return { ...shared, kind: 'file', content: Buffer.concat(chunks) };
  return { ...shared, kind: type };
}

/** `./proc/stat` → `/proc/stat`; refuses what leads out of the archive. */
function confined(name: string, written: string): string {
  const path = `/${written.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '')}`;
  if (path === '/' || path === '/.') return '/';
  if (written.length <= PATH_LIMIT && isPlainPath(path)) return path;
  throw new UsageError(`${name} was made to write outside of its folder: it has an entry ${JSON.stringify(written.slice(0, 80))}`);
}

function foldersOf(entries: ReadonlyMap<string, TreeEntry>): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>([['/', new Set()]]);
  for (const [path, { kind }] of entries) {
    if (kind === 'directory' && !folders.has(path)) folders.set(path, new Set());
    for (let child = path; child !== '/' && child !== '';) {
      const parent = folderOf(child) || '/';
      const names = folders.get(parent);
      const name = baseNameOf(child);
      if (names?.has(name)) break;
      if (names === undefined) folders.set(parent, new Set([name]));
      else names.add(name);
      child = parent;
    }
  }
  return folders;
}
