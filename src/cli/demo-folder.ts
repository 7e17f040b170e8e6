import * as fs from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

import { writeFailure } from '../host/write-failure.ts';
import { oneLine } from '../report/sanitize.ts';
import { UsageError } from '../usage-error.ts';
import { addDraft, keepDraft } from './drafts.ts';

/** Says what keeps a folder that is there from being replaced; null when nothing does. */
export type Objection = (folder: string) => string | null;

/**
 * Fills a folder beside its place and renames it, so that there is the whole of it or nothing. Throws a `UsageError` when it
 * cannot be written, or when there is one that may not be replaced.
 */
export async function writeFolder(out: string, objection: Objection, fill: (folder: string) => Promise<void>): Promise<void> {
  try {
    const target = placeOf(out);
    refuseExisting(out, target, objection);
    const made: string[] = [];
    try {
      makeFolder(dirname(target), made);
      await fillAndSwap(target, fill);
    } catch (error) {
      for (const folder of made.toReversed()) removeEmpty(folder);
      throw error;
    }
  } catch (error) {
    // Anything else is a bug.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new UsageError(`could not write ${out}: ${writeFailure(error)}; nothing was left behind`, { cause: error });
  }
}

async function fillAndSwap(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const workshop = fs.mkdtempSync(join(dirname(target), `.${basename(target).slice(0, 100)}.`));
  addDraft(workshop);
  try {
    const draft = join(workshop, 'new');
    fs.mkdirSync(draft);
    await fill(draft);
    swap(draft, target, join(workshop, 'old'));
  } finally {
    fs.rmSync(workshop, { recursive: true, force: true });
    keepDraft(workshop);
  }
}

/** A link to a folder stays a link. */
function placeOf(out: string): string {
  if (out === '') throw new UsageError('--out names no folder');
  return fs.existsSync(out) ? fs.realpathSync(out) : resolve(out);
}

function refuseExisting(out: string, target: string, objection: Objection): void {
  const existing = fs.lstatSync(target, { throwIfNoEntry: false });
  if (existing === undefined) return;
  if (!existing.isDirectory()) throw new UsageError(`${out} is no folder: name another one with --out`);
  const here = fs.realpathSync('.');
  const objected = here === target || here.startsWith(target + sep) ? 'is the folder that you are in' : objection(target);
  if (objected !== null) throw new UsageError(`${out} ${oneLine(objected)}: name another folder with --out`);
}

/** When the new one cannot take the place, the old one gets it back. */
function swap(draft: string, target: string, old: string): void {
  const isThere = fs.existsSync(target);
  if (isThere) fs.renameSync(target, old);
  try {
    fs.renameSync(draft, target);
  } catch (error) {
    if (isThere) fs.renameSync(old, target);
    throw error;
  }
}

/** Makes a folder with those above it, and names what it made. Node's own way does not end below /proc. */
function makeFolder(folder: string, made: string[]): void {
  if (fs.existsSync(folder)) return;
  makeFolder(dirname(folder), made);
  fs.mkdirSync(folder);
  made.push(folder);
}

/** While nobody has put anything into it. */
function removeEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch {
    return;
  }
}
