import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { normalize } from 'node:path';

import { writeFailure } from '../host/write-failure.ts';
import { shellWord } from '../remedy/shell-word.ts';
import { oneLine } from '../report/sanitize.ts';
import { UsageError } from '../usage-error.ts';
import type { DomainInput } from './domain-input.ts';
import type { Io } from './io.ts';
import { writeOutput } from './output-file.ts';

/**
 * Writes a changed definition: a file in place, standard input to standard output, a domain of libvirt into `NAME.fixed.xml`
 * with the command that defines it; without a connection it is one of a recorded host. It never defines a domain itself.
 */
export function writeFixed({ label, origin, text: before }: DomainInput, text: string, connection: string | null, io: Io): void {
  switch (origin) {
    case 'stdin':
      io.print(text);
      return;
    case 'file':
      if (text === before) return;
      refuseReadOnly(label);
      writeOutput(label, text);
      return;
    case 'libvirt': {
      if (text === before) return;
      const path = fixedPath(label, text);
      writeOutput(path, text);
      // What a snapshot redacts would define another UUID and other MAC addresses.
      const use =
        connection === null
          ? 'it belongs to the recorded host, not to this one'
          : `to use it: virsh -c ${connection} define ${shellWord(path)}`;
      io.note(`${label}: written to ${path}; ${use}`);
    }
  }
}

/** The folder decides whether a file can be replaced, and root may write all; who made it read-only meant the file. */
function refuseReadOnly(path: string): void {
  if ((statSync(path).mode & 0o222) === 0)
    throw new UsageError(`could not write ${path}: it is read-only for everyone; to have it changed: chmod u+w -- ${shellWord(path)}`);
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(`could not write ${path}: ${writeFailure(error)}`, { cause: error });
  }
}

/** The file in this folder that a changed domain of libvirt is written to. */
export function fixedName(name: string): string {
  return `${name.replaceAll(/[^\w.-]/g, '_').replace(/^[.-]/, '_')}.fixed.xml`;
}

/** Another run's result is replaced by the same or refused: what the user changed in it must not be lost. */
function fixedPath(name: string, text: string): string {
  const path = fixedName(name);
  if (existsSync(path) && contentOf(path) !== text)
    throw new UsageError(`${path} is there already, with another content: move it away first`);
  return path;
}

/** Null for what is no file that this user may read. */
function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** What changed, as `patch` and `git apply` read it; empty when nothing did. */
export async function unifiedDiff({ label }: DomainInput, before: string, after: string): Promise<string> {
  if (before === after) return '';
  const { createTwoFilesPatch } = await import('diff');
  // As git writes them: without a slash at the front, and without line ends, which would end the line of the name.
  const name = label === '<stdin>' ? 'domain.xml' : normalize(oneLine(label)).replace(/^\/+/, '');
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, { context: 3 }).replace(/^=+\n/, '');
}
