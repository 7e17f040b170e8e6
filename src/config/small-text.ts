import * as fs from 'node:fs';

import { UsageError } from '../usage-error.ts';

const SIZE_LIMIT = 1024 * 1024;

/**
 * The UTF-8 text of a file that a person wrote, of at most 1 MiB; `what` it should be (`configuration`) is said of one that is larger.
 * Throws a {@link UsageError} of one line.
 */
export function readSmallText(path: string, name: string, what: string): string {
  const bytes = readBytes(path, name);
  if (bytes.length > SIZE_LIMIT) throw new UsageError(`${name} is larger than 1 MiB: that is no ${what} of passcheck`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UsageError(`${name} is no UTF-8 text`, { cause: error });
  }
}

/** At most one byte more than the limit, also from a pipe (`--config <(…)`) or an endless device. */
function readBytes(path: string, name: string): Uint8Array {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(path, 'r');
    const chunks: Uint8Array[] = [];
    for (let total = 0; total <= SIZE_LIMIT;) {
      const chunk = Buffer.allocUnsafe(SIZE_LIMIT + 1 - total);
      const count = fs.readSync(descriptor, chunk);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      total += count;
    }
    return Buffer.concat(chunks);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`could not read ${name}: ${REASONS[code] ?? code}`, { cause: error });
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};
