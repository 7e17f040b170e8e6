import * as fs from 'node:fs';

import { tagOf } from './manifest.ts';
import type { ImageTool } from './qemu-img.ts';
import { readBegun, removeFolder } from './store.ts';

/**
 * Removes every trace of a snapshot that is none any more, or never became one. Null: nothing of it is left; else what stands in the
 * way, and the next try goes on from there.
 */
export async function discardSnapshot(folder: string, name: string, images: ImageTool): Promise<string | null> {
  for (const path of readBegun(folder, name)?.disks ?? []) {
    if (!fs.existsSync(path)) continue;
    // oxlint-disable-next-line no-await-in-loop -- one disk after the other
    const complaint = await discardIn(path, tagOf(name), images);
    if (complaint !== null) return `${path}: ${complaint}`;
  }
  removeFolder(folder, name);
  return null;
}

async function discardIn(path: string, tag: string, images: ImageTool): Promise<string | null> {
  const looked = await images.info(path);
  if (!looked.ok) return looked.problems[0]?.message ?? 'it cannot be looked at';
  for (const _ of looked.value.snapshots.filter((snapshot) => snapshot.tag === tag)) {
    // oxlint-disable-next-line no-await-in-loop
    const complaint = await images.remove(path, tag);
    if (complaint !== null) return complaint;
  }
  return images.mend(path);
}
