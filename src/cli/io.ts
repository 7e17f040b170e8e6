import * as fs from 'node:fs';

import { manyLines, oneLine } from '../report/sanitize.ts';

/** The way out of passcheck: reports go to standard output, everything else to standard error. */
export interface Io {
  /** Writes to standard output. A reader that went away (`| head`) is no error: the rest is not wanted. */
  print(text: string): void;
  /** Writes one line to standard error, without control characters. */
  note(line: string): void;
  /** The same for text of several lines (a stack). */
  noteText(text: string): void;
  /** Writes bytes of somebody else's program as they are; a terminal would obey what is in them. */
  writeBytes(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Columns of the terminal behind standard output; null where it is none, or does not say. */
  stdoutColumns(): number | null;
  /** The process ends with it: see the design's table. */
  exitCode: number;
}

/** Standard output could not be written for another reason than a reader that went away (a full disk behind `>`). */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/**
 * `process.stdout` costs 3 ms and reports its errors later; the descriptors themselves are enough for what is printed
 * here.
 */
export function processIo(): Io {
  let isReaderGone = false;
  return {
    print(text) {
      if (!isReaderGone) isReaderGone = !writeAll(1, text);
    },
    note(line) {
      writeToStderr(`${oneLine(line)}\n`);
    },
    noteText: (text) => writeToStderr(manyLines(text)),
    writeBytes(stream, bytes) {
      if (stream === 'stderr') writeToStderr(bytes);
      else if (!isReaderGone) isReaderGone = !writeAll(1, bytes);
    },
    stdoutIsTerminal: isTerminal(1),
    stderrIsTerminal: isTerminal(2),
    stdoutColumns: () => (isTerminal(1) ? process.stdout.columns || null : null),
    exitCode: 0,
  };
}

/** Where even standard error cannot be written, nobody is left to be told. */
function writeToStderr(text: string | Uint8Array): void {
  try {
    writeAll(2, text);
  } catch {
    return;
  }
}

/** False when the reader went away. */
function writeAll(descriptor: number, text: string | Uint8Array): boolean {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let done = 0; done < bytes.length;) {
    try {
      done += fs.writeSync(descriptor, bytes, done);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN')
        throw new OutputError(`could not write to standard output: ${code === 'ENOSPC' ? 'no space left on the disk' : code}`, {
          cause: error,
        });
      waitForReader();
    }
  }
  return true;
}

/** The other end set the pipe to non-blocking and is slow: look again in 5 ms. */
function waitForReader(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}

/** Memory devices: /dev/null, /dev/full. https://docs.kernel.org/admin-guide/devices.html */
const MEMORY_MAJOR = 1;

/** `process.stdout` costs 3 ms, so what cannot be a terminal is told without it. */
function isTerminal(descriptor: 1 | 2): boolean {
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isCharacterDevice() || stat.rdev >> 8 === MEMORY_MAJOR) return false;
    return (descriptor === 1 ? process.stdout : process.stderr).isTTY;
  } catch {
    return false;
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);
}
