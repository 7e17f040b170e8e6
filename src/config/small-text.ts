import * as fs from 'node:fs';

import { UsageError } from '../usage-error.ts';

const MIB = 1024 * 1024;

/**
 * The UTF-8 text of a file that a person wrote, of at most 1 MiB unless told; `what` it should be (`configuration`) is said of one that
 * is larger. The path 0 is standard input. Throws a {@link UsageError} of one line.
 */
export function readSmallText(path: string | 0, name: string, what: string, limitMiB = 1): string {
  const bytes = readBytes(path, name, limitMiB * MIB);
  if (bytes.length > limitMiB * MIB) throw new UsageError(`${name} is larger than ${limitMiB} MiB: that is no ${what} of passcheck`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UsageError(`${name} is no UTF-8 text`, { cause: error });
  }
}

/** At most one byte more than the limit, also from a pipe (`--config <(…)`) or an endless device. */
function readBytes(path: string | 0, name: string, limit: number): Uint8Array {
  let descriptor: number | undefined;
  try {
    descriptor = path === 0 ? 0 : fs.openSync(path, 'r');
    const chunks: Uint8Array[] = [];
    for (let total = 0; total <= limit;) {
      const chunk = Buffer.allocUnsafe(Math.min(MIB, limit + 1 - total));
      const count = readSome(descriptor, chunk);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      total += count;
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw new UsageError(`could not read ${name}: ${REASONS[codeOf(error)] ?? codeOf(error)}`, { cause: error });
  } finally {
    if (descriptor !== undefined && descriptor !== 0) fs.closeSync(descriptor);
  }
}

/** Standard input that another program made non-blocking may have nothing yet: look again in 10 ms. */
function readSome(descriptor: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, chunk);
    } catch (error) {
      if (codeOf(error) === 'EOF') return 0;
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};
