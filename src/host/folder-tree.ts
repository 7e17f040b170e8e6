import { constants } from 'node:fs';
import * as fs from 'node:fs';

import { ABSENT, ok, type Reading, unreadable } from './reading.ts';
import type { FileKind } from './source.ts';
import { folderOf, isPlainPath, type TreeEntry, type TreeStore } from './tree-store.ts';

/** The files of a folder of this machine, which somebody else may have made: no symbolic link in it is followed. */
export function folderTree(root: string): TreeStore {
  const top = fs.realpathSync(root);
  const folders = new Map<string, boolean>([['', true]]);
  const isFolder = (path: string): boolean => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const is = isFolder(folderOf(path)) && lookAt(top + path)?.isDirectory() === true;
    folders.set(path, is);
    return is;
  };
  return {
    name: root,
    entry(path) {
      if (path === '/') return toEntry(top, fs.lstatSync(top));
      if (!isPlainPath(path) || !isFolder(folderOf(path))) return undefined;
      const stat = lookAt(top + path);
      return stat === undefined ? undefined : toEntry(top + path, stat);
    },
    names(path) {
      const plain = path === '/' ? '' : path;
      if ((plain !== '' && !isPlainPath(plain)) || !isFolder(plain)) return undefined;
      try {
        return fs.readdirSync(top + plain).toSorted();
      } catch {
        return undefined;
      }
    },
    bytes: (path, limit) => (isPlainPath(path) && isFolder(folderOf(path)) ? readFile(top + path, limit) : ABSENT),
  };
}

function lookAt(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Nearly every file of a recording is far smaller: one read without asking for its size first. */
const shared = Buffer.allocUnsafeSlow(64 * 1024);

function readFile(path: string, limit: number): Reading<Uint8Array> {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const count = fs.readSync(descriptor, shared, 0, shared.length, 0);
    if (count < shared.length) return count > limit ? tooLarge(limit) : ok(Buffer.from(shared.subarray(0, count)));
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) return unreadable('failed', 'not a regular file');
    return stat.size > limit ? tooLarge(limit) : ok(fs.readFileSync(descriptor));
  } catch (error) {
    return failure(error);
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

function tooLarge(limit: number): Reading<never> {
  return unreadable('too-large', `larger than ${limit} bytes`);
}

function failure(error: unknown): Reading<never> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return ABSENT;
  if (code === 'ELOOP') return unreadable('failed', 'a symbolic link where the recording has a file');
  if (code === 'EISDIR') return unreadable('failed', 'not a regular file');
  return unreadable(code === 'EACCES' ? 'denied' : 'failed', code === 'EACCES' ? 'permission denied' : code);
}

function toEntry(path: string, stat: fs.Stats): TreeEntry {
  const kind = kindOf(stat);
  return {
    kind,
    size: stat.size,
    mode: stat.mode & 0o7777,
    uid: stat.uid,
    gid: stat.gid,
    mtimeMs: Math.floor(stat.mtimeMs),
    ...(kind === 'link' ? { target: fs.readlinkSync(path) } : {}),
  };
}

function kindOf(stat: fs.Stats): FileKind | 'link' {
  if (stat.isSymbolicLink()) return 'link';
  if (stat.isDirectory()) return 'directory';
  if (stat.isCharacterDevice()) return 'character-device';
  if (stat.isBlockDevice()) return 'block-device';
  if (stat.isSocket()) return 'socket';
  if (stat.isFIFO()) return 'fifo';
  return 'file';
}
