import * as fs from 'node:fs';

import { UsageError } from '../usage-error.ts';
import { addDraft, keepDraft } from './drafts.ts';
import { writeFailure } from '../host/write-failure.ts';

/**
 * Writes a file beside its place and renames it, so that there is the old file or the new one, never half of it. A
 * device or a FIFO that is there already (`/dev/null`) is written to, not replaced. A long text can come in pieces.
 */
export function writeOutput(path: string, text: string | Iterable<string>): void {
  const pieces = typeof text === 'string' ? [text] : text;
  try {
    const existing = fs.statSync(path, { throwIfNoEntry: false });
    if (existing?.isDirectory()) throw new UsageError(`${path} is a folder`);
    if (existing !== undefined && !existing.isFile()) writeInto(fs.openSync(path, 'w'), pieces);
    else replaceFile(existing === undefined ? path : fs.realpathSync(path), pieces, existing);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`could not write ${path}: ${writeFailure(error)}`, { cause: error });
  }
}

/** A file that belongs to others. */
export interface OutputFile {
  readonly path: string;
  readonly contents: string | Uint8Array;
}

/**
 * {@link writeOutput} for ordinary files that belong together: all are written beside their places before the first gets there.
 * So a full disk leaves the old ones, and no new one that refers to what is not there.
 */
export function writeTogether(files: readonly OutputFile[]): void {
  const drafts: { readonly draft: string; readonly place: string }[] = [];
  try {
    for (const { path, contents } of files) drafts.push(drafted(path, contents));
    for (const { draft, place } of drafts) fs.renameSync(draft, place);
  } finally {
    for (const { draft } of drafts) {
      fs.rmSync(draft, { force: true });
      keepDraft(draft);
    }
  }
}

function drafted(path: string, contents: string | Uint8Array): { readonly draft: string; readonly place: string } {
  try {
    const existing = fs.statSync(path, { throwIfNoEntry: false });
    if (existing !== undefined && !existing.isFile()) throw new UsageError(`${path} is no file`);
    const place = existing === undefined ? path : fs.realpathSync(path);
    return { draft: writeDraft(place, [contents], existing), place };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`could not write ${path}: ${writeFailure(error)}`, { cause: error });
  }
}

function replaceFile(path: string, pieces: Iterable<string>, existing: fs.Stats | undefined): void {
  const draft = writeDraft(path, pieces, existing);
  try {
    fs.renameSync(draft, path);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  } finally {
    keepDraft(draft);
  }
}

/** Writes a file beside the one that it shall become, and gives its path. */
function writeDraft(path: string, pieces: Iterable<string | Uint8Array>, existing: fs.Stats | undefined): string {
  const draft = `${path}.${process.pid}.draft`;
  addDraft(draft);
  try {
    // Without O_EXCL a link of that name in a folder that others may write would be followed.
    const descriptor = fs.openSync(draft, 'wx', existing === undefined ? 0o666 : 0o600);
    if (existing !== undefined) becomeLike(descriptor, existing);
    writeInto(descriptor, pieces, { sync: true });
    return draft;
  } catch (error) {
    fs.rmSync(draft, { force: true });
    keepDraft(draft);
    throw error;
  }
}

/** The owner, where this user may set it (root mends the file of a user), and the mode. */
function becomeLike(descriptor: number, { uid, gid, mode }: fs.Stats): void {
  try {
    fs.fchownSync(descriptor, uid, gid);
  } catch {
    // The file of another user then becomes that of this one, who may write into its folder.
  }
  fs.fchmodSync(descriptor, mode & 0o777);
}

/** Writes, and closes the descriptor. A device cannot be synchronised. */
function writeInto(descriptor: number, pieces: Iterable<string | Uint8Array>, { sync = false } = {}): void {
  try {
    for (const piece of pieces) fs.writeFileSync(descriptor, piece);
    if (sync) fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
