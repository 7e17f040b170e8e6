import * as fs from 'node:fs';
import { join } from 'node:path';

import type * as z from 'zod/mini';

import { writeFailure } from '../../host/write-failure.ts';
import { syncFolder } from '../../provision/state/folder.ts';
import { writePrivate } from '../../provision/state/private-file.ts';
import { StateError } from '../../provision/state/state-error.ts';
import { type Begun, begunSchema, type Intent, intentSchema, type Manifest, manifestSchema, SNAPSHOT_NAME } from './manifest.ts';

/** What passcheck keeps of the snapshots of one VM. */
export interface StoredSnapshots {
  /** The oldest first. */
  readonly complete: readonly Manifest[];
  /** Names of those whose making or deleting was cut off: they are none, and only have to be tidied up. */
  readonly incomplete: readonly string[];
  /** Names of those whose manifest cannot be read. Nothing is removed by itself. */
  readonly damaged: readonly string[];
  /** The snapshot that a revert was to go back to, and did not reach. */
  readonly unfinished: Intent | null;
}

const MANIFEST = 'manifest.json';
const BEGUN = 'begun.json';
/** No snapshot has such a name. */
const INTENT = '.revert.json';
const LARGEST = 1024 * 1024;

/** The folder with the snapshots of a VM, in the state folder of its connection. */
export function snapshotsOf(stateFolder: string, uuid: string): string {
  return join(stateFolder, 'snapshots', uuid);
}

/** Everything that is kept there; nothing is made or changed. Throws a {@link StateError} when it could not be read. */
export function readSnapshots(folder: string): StoredSnapshots {
  const names = namesIn(folder).filter((name) => SNAPSHOT_NAME.test(name));
  const read = names.map((name) => ({ name, manifest: readJson(join(folder, name, MANIFEST), manifestSchema) }));
  const complete = read.flatMap(({ name, manifest }) => (typeof manifest === 'object' && manifest.name === name ? [manifest] : []));
  const whole = new Set(complete.map(({ name }) => name));
  const intent = readJson(join(folder, INTENT), intentSchema);
  if (intent === 'damaged') throw new StateError(`${join(folder, INTENT)} cannot be read, and says which revert has not ended`);
  return {
    complete: complete.toSorted((a, b) => (a.takenAt < b.takenAt ? -1 : 1)),
    incomplete: read.filter(({ manifest }) => manifest === 'absent').map(({ name }) => name),
    damaged: read.filter(({ name, manifest }) => manifest !== 'absent' && !whole.has(name)).map(({ name }) => name),
    unfinished: intent === 'absent' ? null : intent,
  };
}

/** Notes where the traces of a snapshot will be, and makes the folder for it. */
export function beginSnapshot(folder: string, begun: Begun): string {
  return attempt(folder, () => {
    const own = join(folder, begun.name);
    fs.mkdirSync(own, { recursive: true, mode: 0o700 });
    writeBegun(own, begun);
    for (const path of [own, folder, join(folder, '..'), join(folder, '../..')]) syncFolder(path);
    return own;
  });
}

/** From here on there is a snapshot. */
export function completeSnapshot(folder: string, manifest: Manifest): void {
  attempt(folder, () => {
    const own = join(folder, manifest.name);
    replaceFile(own, MANIFEST, manifest);
    fs.rmSync(join(own, BEGUN));
  });
}

/** From here on there is none, and its traces can be removed. */
export function forgetSnapshot(folder: string, begun: Begun): void {
  attempt(folder, () => {
    const own = join(folder, begun.name);
    writeBegun(own, begun);
    syncFolder(own);
    fs.rmSync(join(own, MANIFEST));
    syncFolder(own);
  });
}

/** Where the traces of a snapshot are whose making or deleting was cut off; null when it was before there were any. */
export function readBegun(folder: string, name: string): Begun | null {
  const begun = readJson(join(folder, name, BEGUN), begunSchema);
  return typeof begun === 'object' ? begun : null;
}

/** Removes the folder of a snapshot of which nothing else is left. */
export function removeFolder(folder: string, name: string): void {
  attempt(folder, () => fs.rmSync(join(folder, name), { recursive: true, force: true }));
}

/** From here on the VM is neither what it was nor what it will be. */
export function beginRevert(folder: string, intent: Intent): void {
  attempt(folder, () => replaceFile(folder, INTENT, intent));
}

export function endRevert(folder: string): void {
  attempt(folder, () => {
    fs.rmSync(join(folder, INTENT));
    syncFolder(folder);
  });
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).toSorted();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new StateError(`could not look into ${folder}: ${writeFailure(error)}`, { cause: error });
  }
}

function readJson<Value>(path: string, schema: z.ZodMiniType<Value>): Value | 'absent' | 'damaged' {
  let text: string;
  try {
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return 'absent';
    if (!stat.isFile() || stat.size > LARGEST) return 'damaged';
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    throw new StateError(`could not read ${path}: ${writeFailure(error)}`, { cause: error });
  }
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : 'damaged';
  } catch {
    return 'damaged';
  }
}

function writeBegun(own: string, begun: Begun): void {
  replaceFile(own, BEGUN, begun);
}

function replaceFile(folder: string, name: string, value: Manifest | Begun | Intent): void {
  const draft = join(folder, `.${name}.draft`);
  fs.rmSync(draft, { force: true });
  writePrivate(draft, `${JSON.stringify(value, null, 2)}\n`, { sync: true });
  fs.renameSync(draft, join(folder, name));
  syncFolder(folder);
}

function attempt<Result>(folder: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof StateError) throw error;
    throw new StateError(`could not write into ${folder}: ${writeFailure(error)}`, { cause: error });
  }
}
