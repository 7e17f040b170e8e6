import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where a file really is: behind its symbolic links; of one that is not there, the path. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
