import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

import { isoRanges } from '../../test/iso.ts';

/** Writes an ISO image (sparse, 1 MiB unless told) that has a label and nothing on it. */
export function writeIso(path: string, label: string, bytes = 1024 * 1024): void {
  const descriptor = openSync(path, 'w');
  try {
    ftruncateSync(descriptor, bytes);
    for (const [offset, range] of Object.entries(isoRanges(label, { blocks: bytes / 2048 }))) {
      writeSync(descriptor, range, 0, range.length, Number(offset));
    }
  } finally {
    closeSync(descriptor);
  }
}
