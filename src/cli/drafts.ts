import { rmSync } from 'node:fs';

const drafts = new Set<string>();

/** Names a file or folder that is being written: whatever ends passcheck, it does not stay behind half-written. */
export function addDraft(path: string): void {
  drafts.add(path);
}

/** The draft became the file that was asked for. */
export function keepDraft(path: string): void {
  drafts.delete(path);
}

/** Removes everything that is half-written. False: nothing was. */
export function discardDrafts(): boolean {
  const hadAny = drafts.size > 0;
  for (const path of drafts) rmSync(path, { recursive: true, force: true });
  drafts.clear();
  return hadAny;
}
