import { constants } from 'node:fs';
import * as fs from 'node:fs';

import { cachedRun } from './command-cache.ts';
import { ABSENT, ok, type Reading, unreadable } from './reading.ts';
import { DEFAULT_READ_LIMIT, type FileKind, type FileStat, type HostSource, RANGE_READ_LIMIT } from './source.ts';

/** The machine that passcheck runs on. */
export function liveHost(): HostSource {
  return {
    kind: 'live',
    read: (path, limit = DEFAULT_READ_LIMIT) => attempt(() => readAtMost(path, limit)),
    readRange: (path, offset, length) => attempt(() => readRangeOf(path, offset, length)),
    list: (path) => attempt(() => ok(fs.readdirSync(path).toSorted())),
    link: (path) => attempt(() => ok(fs.readlinkSync(path))),
    real: (path) => attempt(() => ok(fs.realpathSync(path))),
    stat: (path) => attempt(() => ok(toFileStat(fs.statSync(path)))),
    space: (path) =>
      attempt(() => {
        const { bsize, blocks, bavail } = fs.statfsSync(path);
        return ok({ totalBytes: bsize * blocks, availableBytes: bsize * bavail });
      }),
    writable: (path) => attempt(() => mayReadAndWrite(path)),
    environment: (name) => {
      const value = process.env[name];
      return value === undefined ? ABSENT : ok(value);
    },
    run: (argv, options = {}) => cachedRun(argv, options),
  };
}

/**
 * Files of /sys and /proc say size 0 or 4096 whatever they hold, so the limit is on what is read. A device or FIFO could
 * block for ever: only regular files are read.
 */
function readAtMost(path: string, limit: number): Reading<Uint8Array> {
  const descriptor = fs.openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) return unreadable('failed', 'not a regular file');
    if (stat.size > limit && stat.size !== 4096) return unreadable('too-large', `larger than ${limit} bytes`);
    const chunks: Uint8Array[] = [];
    let total = 0;
    for (let size = Math.min(limit + 1, 16_384); ; size = Math.min(limit + 1, size * 2)) {
      const chunk = Buffer.allocUnsafe(size);
      const count = fs.readSync(descriptor, chunk, 0, size, null);
      if (count === 0) return ok(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      total += count;
      if (total > limit) return unreadable('too-large', `larger than ${limit} bytes`);
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A short read is no end of file (network file systems), so it reads until it has all or there is no more. */
function readRangeOf(path: string, offset: number, length: number): Reading<Uint8Array> {
  if (length > RANGE_READ_LIMIT) return unreadable('too-large', `more than ${RANGE_READ_LIMIT} bytes asked for`);
  const descriptor = fs.openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fs.fstatSync(descriptor).isFile()) return unreadable('failed', 'not a regular file');
    const bytes = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const count = fs.readSync(descriptor, bytes, filled, length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return ok(bytes.subarray(0, filled));
  } finally {
    fs.closeSync(descriptor);
  }
}

function mayReadAndWrite(path: string): Reading<boolean> {
  try {
    fs.accessSync(path, constants.R_OK | constants.W_OK);
    return ok(true);
  } catch (error) {
    if (errorCode(error) === 'EACCES' || errorCode(error) === 'EROFS') return ok(false);
    throw error;
  }
}

function toFileStat(stat: fs.Stats): FileStat {
  return {
    kind: fileKind(stat),
    size: stat.size,
    mode: stat.mode & 0o7777,
    uid: stat.uid,
    gid: stat.gid,
    mtimeMs: Math.floor(stat.mtimeMs),
  };
}

function fileKind(stat: fs.Stats): FileKind {
  if (stat.isDirectory()) return 'directory';
  if (stat.isCharacterDevice()) return 'character-device';
  if (stat.isBlockDevice()) return 'block-device';
  if (stat.isSocket()) return 'socket';
  if (stat.isFIFO()) return 'fifo';
  return 'file';
}

/** ENODEV and ENXIO: the device went away between listing and reading. EINVAL: readlink on something that is no link. */
const ABSENT_CODES = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'EINVAL']);

function attempt<T>(look: () => Reading<T>): Reading<T> {
  try {
    return look();
  } catch (error) {
    const code = errorCode(error);
    if (ABSENT_CODES.has(code)) return ABSENT;
    if (code === 'EACCES' || code === 'EPERM') return unreadable('denied', 'permission denied');
    return unreadable('failed', code === '' ? String(error) : code);
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
