import * as fs from 'node:fs';
import { basename } from 'node:path';

import { UsageError } from '../usage-error.ts';
import { archiveTree } from './archive-tree.ts';
import { folderTree } from './folder-tree.ts';
import { snapshotHost } from './snapshot.ts';
import { MANIFEST, parseManifest } from './snapshot-manifest.ts';
import type { HostSource } from './source.ts';
import type { TreeEntry, TreeStore } from './tree-store.ts';
import { treeHost } from './tree.ts';
import { unpack } from './unpack.ts';

/** A recorded host and what the recording says about itself. */
export interface OpenedHost {
  readonly host: HostSource;
  /** ISO 8601; null for a plain captured tree. */
  readonly recordedAt: string | null;
  /** The configuration that was in force when it was recorded, to be validated by its schema; null when there is none. */
  readonly config: unknown;
  /** Version of the passcheck that recorded it; null for a plain captured tree. */
  readonly recordedBy: string | null;
  /** How many values of each kind were replaced; null when it was not redacted. */
  readonly redacted: Readonly<Record<string, number>> | null;
}

const PACKED_LIMIT = 128 * 1024 * 1024;
const MANIFEST_LIMIT = 64 * 1024 * 1024;

/**
 * Opens a snapshot (folder, `.tar.gz`) or a captured `/proc` and `/sys` (folder, `.tar`, `.tar.gz`, `.tar.bz2`). Throws a
 * {@link UsageError} of one line when it is none of them, damaged, newer, or made to leave its folder.
 */
export async function openHost(path: string): Promise<OpenedHost> {
  const stat = statOf(path);
  mayRead(path, stat);
  if (stat.isDirectory()) return openStore(folderTree(path));
  if (!stat.isFile()) throw new UsageError(`${path} is no file and no folder`);
  if (basename(path) === MANIFEST) throw new UsageError(`${path} is the table of contents of a snapshot: give the folder that it is in`);
  if (stat.size > PACKED_LIMIT)
    throw new UsageError(`${path} is larger than ${PACKED_LIMIT / 1024 / 1024} MiB: no recording of a host is that large`);
  const packed = fs.readFileSync(path);
  const tar = await unpack(path, packed);
  if (tar === undefined) throw new UsageError(`${path} is no recorded host: ${whatItIs(packed)}`);
  const store = await archiveTree(path, tar);
  if (store.entries.has(`/${MANIFEST}`)) refuseLinks(path, store.entries);
  return openStore(store);
}

function openStore(store: TreeStore): OpenedHost {
  const top = snapshotTop(store);
  if (top !== undefined) {
    const text = store.bytes(`${top}/${MANIFEST}`, MANIFEST_LIMIT);
    if (text.state !== 'ok')
      throw new UsageError(`${store.name}: ${MANIFEST} cannot be read: ${text.state === 'absent' ? 'it vanished' : text.detail}`);
    const manifest = parseManifest(store.name, Buffer.from(text.value).toString());
    const { recordedAt, config, redacted, tool } = manifest;
    return { host: snapshotHost(below(store, top), manifest), recordedAt, config: config ?? null, recordedBy: tool.version, redacted };
  }
  return { host: treeHost(store, captureTop(store)), recordedAt: null, config: null, recordedBy: null, redacted: null };
}

/** A snapshot lies at the top, or in the one folder of an archive that somebody packed by hand. */
function snapshotTop(store: TreeStore): string | undefined {
  if (store.entry(`/${MANIFEST}`) !== undefined) return '';
  const names = store.names('/') ?? [];
  const [only = ''] = names;
  return names.length === 1 && store.entry(`/${only}/${MANIFEST}`) !== undefined ? `/${only}` : undefined;
}

function captureTop(store: TreeStore): string {
  const names = store.names('/') ?? [];
  const tops = ['', ...names.map((name) => `/${name}`)].filter((top) => ['proc', 'sys'].some((name) => isFolder(store, `${top}/${name}`)));
  const [top] = tops;
  if (tops.includes('')) return '';
  if (top === undefined) {
    const what = names.length === 0 ? 'it is empty' : `it has neither ${MANIFEST} nor a folder proc or sys`;
    throw new UsageError(`${store.name} is no recorded host: ${what}`);
  }
  if (tops.length > 1) {
    const some = tops.slice(0, 4).map((one) => JSON.stringify(one.slice(1)));
    throw new UsageError(`${store.name} holds several hosts (${some.join(', ')}): give one of these folders`);
  }
  return top;
}

function isFolder(store: TreeStore, path: string): boolean {
  return store.entry(path)?.kind === 'directory';
}

function below(store: TreeStore, top: string): TreeStore {
  if (top === '') return store;
  return {
    name: store.name,
    entry: (path) => store.entry(top + path),
    names: (path) => store.names(top + path),
    bytes: (path, limit) => store.bytes(top + path, limit),
  };
}

/** passcheck writes files and nothing else: a link in a snapshot was put there by somebody. */
function refuseLinks(name: string, entries: ReadonlyMap<string, TreeEntry>): void {
  for (const [path, { kind }] of entries) {
    if (kind === 'file' || kind === 'directory') continue;
    throw new UsageError(`${name} was tampered with: ${JSON.stringify(path.slice(0, 80))} is a ${kind}, and snapshots have only files`);
  }
}

/** A folder that may not be listed, or whose files may not be looked at, would seem to be empty. */
function mayRead(path: string, stat: fs.Stats): void {
  try {
    fs.accessSync(path, stat.isDirectory() ? fs.constants.R_OK | fs.constants.X_OK : fs.constants.R_OK);
  } catch (error) {
    throw notOpened(path, error);
  }
}

function statOf(path: string): fs.Stats {
  try {
    return fs.statSync(path);
  } catch (error) {
    throw notOpened(path, error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'there is no such file or folder',
  EACCES: 'permission denied',
};

function notOpened(path: string, error: unknown): UsageError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new UsageError(`could not open ${path}: ${REASONS[code] ?? code}`, { cause: error });
}

const SIGNATURES: readonly (readonly [string | RegExp, string])[] = [
  [/^$/, 'it is empty'],
  [/^\s*(?:<!doctype\s+html|<html|<head)/i, 'it is a web page; the download did not get the file itself'],
  ['PK\x03\x04', 'it is a zip archive; unpack it and give the folder'],
  ['\xfd7zXZ', 'it is an xz archive; unpack it and give the folder'],
  ['\x28\xb5\x2f\xfd', 'it is a zstd archive; unpack it and give the folder'],
  [/^\s*\{/, 'it is JSON; a stored report is shown by `passcheck report`'],
];

function whatItIs(packed: Uint8Array): string {
  const start = Buffer.from(packed.subarray(0, 512)).toString('latin1');
  return (
    SIGNATURES.find(([mark]) => (typeof mark === 'string' ? start.startsWith(mark) : mark.test(start)))?.[1] ??
    'a snapshot is a folder or a .tar.gz, a captured /proc and /sys also a .tar or .tar.bz2'
  );
}
