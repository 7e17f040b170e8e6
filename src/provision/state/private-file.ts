import * as fs from 'node:fs';

/** Writes a new file for this user alone. Throws when there is one of that name, and leaves no half of it. `sync`: it is on the disk. */
export function writePrivate(path: string, text: string, { sync = false } = {}): void {
  // Without O_EXCL a link of that name would be followed.
  const descriptor = fs.openSync(path, 'wx', 0o600);
  try {
    fs.writeFileSync(descriptor, text);
    if (sync) fs.fsyncSync(descriptor);
  } catch (error) {
    fs.rmSync(path, { force: true });
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}
