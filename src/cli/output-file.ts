import * as fs from 'node:fs';

import { UsageError } from '../usage-error.ts';
import { addDraft, keepDraft } from './drafts.ts';
import { writeFailure } from '../host/write-failure.ts';

/**
 * Writes a file beside its place and renames it, so that there is the old file or the new one, never half of it. A
 * device or a FIFO that is there already (`/dev/null`) is written to, not replaced.
 */
export function writeOutput(path: string, text: string): void {
  try {
    const existing = fs.statSync(path, { throwIfNoEntry: false });
    if (existing?.isDirectory()) throw new UsageError(`${path} is a folder`);
    if (existing !== undefined && !existing.isFile()) fs.writeFileSync(path, text);
    else replaceFile(existing === undefined ? path : fs.realpathSync(path), text, existing?.mode);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`could not write ${path}: ${writeFailure(error)}`, { cause: error });
  }
}

function replaceFile(path: string, text: string, mode: number | undefined): void {
  const draft = `${path}.${process.pid}.draft`;
  addDraft(draft);
  try {
    // Without O_EXCL a link of that name in a folder that others may write would be followed.
    const descriptor = fs.openSync(draft, 'wx', mode ?? 0o666);
    try {
      fs.writeFileSync(descriptor, text);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(draft, path);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  } finally {
    keepDraft(draft);
  }
}
