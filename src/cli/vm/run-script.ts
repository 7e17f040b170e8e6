import { readFileSync, statSync } from 'node:fs';

import { runScript } from '../../guest/script.ts';
import type { Script } from '../../guest/script-command.ts';
import { UsageError } from '../../usage-error.ts';
import { writeFailure } from '../../host/write-failure.ts';
import type { Io } from '../io.ts';
import { type ExecOptions, runInGuest } from './exec.ts';

const LIMIT = 16 * 1024 * 1024;

/** `passcheck vm run-script` */
export async function runScriptFile(target: string, file: string, args: readonly string[], options: ExecOptions, io: Io): Promise<void> {
  await runInGuest(target, options, io, 'vm run-script', () => {
    const script = readScript(file);
    return (guest, how) => runScript(guest, script, args, how);
  });
}

function readScript(path: string): Script {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`could not read ${path}: there is no such file`);
  if (!stat.isFile()) throw new UsageError(`${path} is no file`);
  if (stat.size > LIMIT)
    throw new UsageError(`${path} has more than 16 MiB: copy it with passcheck vm copy, and run it with passcheck vm exec`);
  try {
    return { path, contents: readFileSync(path) };
  } catch (error) {
    throw new UsageError(`could not read ${path}: ${writeFailure(error)}`, { cause: error });
  }
}
