import * as fs from 'node:fs';

import { UsageError } from '../usage-error.ts';
import { nearFileWords } from './near-file.ts';

/** One domain definition as the user named it. */
export interface DomainInput {
  /** As it is shown: the path as typed, `<stdin>`, or the name of a domain of libvirt. */
  readonly label: string;
  readonly origin: 'file' | 'stdin' | 'libvirt';
  /** Null: it is no text that passcheck reads, and `problem` says why. */
  readonly text: string | null;
  readonly problem?: { readonly reason: string; readonly hint: string };
}

/** Is this the path of a file, or a name to be looked up in libvirt? A file that is there wins; a path has a slash or ends in .xml. */
export function isPath(argument: string): boolean {
  return argument === '-' || argument.includes('/') || /\.xml$/i.test(argument) || fs.existsSync(argument);
}

/** Four bytes for each character that is judged at most. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Reads a definition from a file, or for `-` from standard input. Throws a `UsageError` for what is no readable file. */
export function readInput(argument: string): DomainInput {
  if (argument === '-') return { label: '<stdin>', origin: 'stdin', ...decode(readDescriptor(0, 'standard input')) };
  try {
    const stat = fs.statSync(argument);
    if (stat.isDirectory()) throw new UsageError(`${argument} is a folder; name the files in it: ${argument.replace(/\/+$/, '')}/*.xml`);
    // What a shell makes of <(command) ends by itself; any other FIFO can wait for ever.
    if (!stat.isFile() && !/^\/(?:dev|proc\/self)\/fd\/\d+$|^\/dev\/stdin$/.test(argument)) {
      throw new UsageError(`${argument} is no regular file; to read from it: passcheck lint - < ${argument}`);
    }
    if (stat.size > MAX_BYTES) return tooLarge(argument);
    const descriptor = fs.openSync(argument, 'r');
    try {
      return { label: argument, origin: 'file', ...decode(readDescriptor(descriptor, argument, stat.size)) };
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${argument}: ${readFailure(error)}${isMissing(error) ? nearFileWords(argument) : ''}`, { cause: error });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function tooLarge(label: string): DomainInput {
  const problem = {
    reason: `larger than ${MAX_BYTES / 1024 / 1024} MiB`,
    hint: 'a domain definition has some kilobytes: is it the right file?',
  };
  return { label, origin: 'file', text: null, problem };
}

/** `size`: what is probably there. */
function readDescriptor(descriptor: number, name: string, size = 64 * 1024): Uint8Array | null {
  // One more byte shows the end.
  let buffer = Buffer.allocUnsafe(size + 1);
  for (let total = 0; ;) {
    const length = readSome(descriptor, buffer.subarray(total), name);
    if (length === 0) return buffer.subarray(0, total);
    total += length;
    if (total > MAX_BYTES) return null;
    if (total === buffer.length) buffer = Buffer.concat([buffer], 2 * total);
  }
}

function readSome(descriptor: number, chunk: Uint8Array, name: string): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, chunk);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      // Standard input that another program made non-blocking: nothing has come yet.
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
      else if (code === 'EOF') return 0;
      else throw new UsageError(`${name}: ${readFailure(error)}`, { cause: error });
    }
  }
}

function decode(bytes: Uint8Array | null): Pick<DomainInput, 'text' | 'problem'> {
  if (bytes === null) return tooLarge('');
  const [first, second] = bytes;
  const isUtf16 =
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || (bytes.length > 1 && (first === 0) !== (second === 0));
  if (isUtf16)
    return { text: null, problem: { reason: 'it is UTF-16, passcheck reads UTF-8', hint: 'iconv -f UTF-16 -t UTF-8 FILE > NEW' } };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return {
      text: null,
      problem: { reason: 'it is not UTF-8', hint: 'convert it, if it is XML at all: iconv -f LATIN1 -t UTF-8 FILE > NEW' },
    };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'this user may not read it',
  ENOTDIR: 'a part of the path is no folder',
  ELOOP: 'its symbolic links go in a circle',
  ENAMETOOLONG: 'the name is too long',
  EISDIR: 'is a folder',
};

function readFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
