import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname } from 'node:path';

import { syncFolder } from '../../provision/state/folder.ts';
import type { KeptFile } from './manifest.ts';

/** Firmware settings have half a MiB, the state of a TPM some KiB. */
const LARGEST = 64 * 1024 * 1024;

/** Copies a small file to a new place, for this user alone. Throws what the file system says; a link or a device is an error, too. */
export function keepFile(from: string, to: string): KeptFile {
  const { bytes, stat } = readSmall(from);
  writeNew(to, bytes, { mode: 0o600 });
  return kept(basename(to), bytes, stat);
}

/** Keeps a text in the same way. */
export function keepText(text: string, to: string): KeptFile {
  const bytes = Buffer.from(text);
  writeNew(to, bytes, { mode: 0o600 });
  return kept(basename(to), bytes, fs.statSync(to));
}

/** The bytes of a copy; null when they are not what was kept. */
export function keptBytes(path: string, { bytes: size, sha256 }: KeptFile): Uint8Array | null {
  if (!fs.existsSync(path)) return null;
  const { bytes } = readSmall(path);
  return bytes.length === size && sha256Of(bytes) === sha256 ? bytes : null;
}

/** Writes a file beside its place, with its owner and mode, and renames it: there is the old one or the new one, whole. */
export function putBack(bytes: Uint8Array, { mode, uid, gid }: KeptFile, place: string): void {
  const draft = `${place}.passcheck-revert`;
  fs.rmSync(draft, { force: true });
  writeNew(draft, bytes, { mode, uid, gid });
  fs.renameSync(draft, place);
  syncFolder(dirname(place));
}

function readSmall(path: string): { readonly bytes: Buffer; readonly stat: fs.Stats } {
  if (fs.lstatSync(path).isSymbolicLink()) throw new Error(`${path} is a link, which could lead anywhere`);
  // A FIFO of that name would be waited for.
  const descriptor = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOFOLLOW);
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) throw new Error(`${path} is no file`);
    if (stat.size > LARGEST) throw new Error(`${path} has ${stat.size} bytes, more than such a file gets`);
    return { bytes: fs.readFileSync(descriptor), stat };
  } finally {
    fs.closeSync(descriptor);
  }
}

function writeNew(path: string, bytes: Uint8Array, { mode, uid, gid }: { mode: number; uid?: number; gid?: number }): void {
  const descriptor = fs.openSync(path, 'wx', 0o600);
  try {
    fs.writeFileSync(descriptor, bytes);
    if (uid !== undefined && gid !== undefined) fs.fchownSync(descriptor, uid, gid);
    fs.fchmodSync(descriptor, mode);
    fs.fsyncSync(descriptor);
  } catch (error) {
    fs.rmSync(path, { force: true });
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}

function kept(name: string, bytes: Uint8Array, { mode, uid, gid }: fs.Stats): KeptFile {
  return { name, bytes: bytes.length, sha256: sha256Of(bytes), mode: mode & 0o7777, uid, gid };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
