import { createHash } from 'node:crypto';
import { constants, createReadStream, type Stats } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';

import { writeFailure } from '../host/write-failure.ts';
import { UsageError } from '../usage-error.ts';

/** A file of this machine that goes into a guest. */
export interface SourceFile {
  readonly path: string;
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  /** The next bytes, at most `length`; none at the end of what `size` counts. */
  read(length: number): Promise<Uint8Array>;
  /** SHA-256 of everything that was read, in hexadecimal. */
  digest(): string;
  close(): Promise<void>;
}

/** Opens an ordinary file for reading; a `UsageError` says why it cannot be sent. */
export async function openSource(path: string): Promise<SourceFile> {
  // Nobody may write into a FIFO: without O_NONBLOCK that would be waited for.
  const file = await attempt(path, 'read', () => open(path, constants.O_RDONLY | constants.O_NONBLOCK));
  const stat = await file.stat();
  if (!stat.isFile()) {
    await file.close();
    throw new UsageError(`${path} is no file that could be sent${stat.isDirectory() ? ': it is a folder' : ''}`);
  }
  return sourceOf(path, file, stat);
}

function sourceOf(path: string, file: FileHandle, { size, mode }: Stats): SourceFile {
  const hash = createHash('sha256');
  let done = 0;
  return {
    path,
    size,
    mode: mode & 0o777,
    read: async (length) => {
      const buffer = Buffer.alloc(Math.min(length, size - done));
      const { bytesRead } = await attempt(path, 'read', () => file.read(buffer, 0, buffer.length, done));
      if (bytesRead === 0 && done < size) throw new UsageError(`${path} became shorter while it was read`);
      const bytes = buffer.subarray(0, bytesRead);
      done += bytesRead;
      hash.update(bytes);
      return bytes;
    },
    digest: () => hash.copy().digest('hex'),
    close: () => file.close(),
  };
}

/** SHA-256 of a file of this machine, in hexadecimal. */
export async function digestOf(path: string): Promise<string> {
  const source = await openSource(path);
  try {
    for (let done = 0; done < source.size;) done += (await source.read(DIGEST_BYTES)).length;
    return source.digest();
  } finally {
    await source.close();
  }
}

const DIGEST_BYTES = 1024 * 1024;

/** A file of this machine that comes out of a guest. */
export interface TargetFile {
  readonly path: string;
  write(bytes: Uint8Array): Promise<void>;
  /** Somebody else wrote it: cuts it after so many bytes, and reads it for its digest. */
  reread(bytes: number): Promise<void>;
  digest(): string;
}

/** Makes a file that is not there yet and lets `fill` write it; when that fails, nothing stays behind. */
export async function writeTarget<T>(path: string, fill: (target: TargetFile) => Promise<T>): Promise<T> {
  const file = await attempt(path, 'write', () => open(path, 'wx', 0o600));
  const hash = createHash('sha256');
  try {
    const result = await fill({
      path,
      write: async (bytes) => {
        hash.update(bytes);
        await attempt(path, 'write', () => file.writeFile(bytes));
      },
      reread: async (bytes) => {
        await attempt(path, 'write', () => file.truncate(bytes));
        for await (const piece of createReadStream(path)) hash.update(piece);
      },
      digest: () => hash.copy().digest('hex'),
    });
    await attempt(path, 'write', () => file.sync());
    return result;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function attempt<T>(path: string, what: 'read' | 'write', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new UsageError(`could not ${what} ${path}: ${what === 'read' ? readFailure(error) : writeFailure(error)}`, { cause: error });
  }
}

function readFailure(error: unknown): string {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : writeFailure(error);
}
