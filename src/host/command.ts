import { constants } from 'node:fs';
import { accessSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { ABSENT, ok, type Reading, unreadable } from './reading.ts';
import { COMMAND_OUTPUT_LIMIT, type CommandResult, DEFAULT_COMMAND_TIMEOUT_MS, type RunOptions } from './source.ts';

/** Where tools of the host live that are not always on an ordinary user's PATH. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin', '/run/current-system/sw/bin'];

/** Runs a command of this machine; see `HostSource.run`. execa costs 25 ms to load, so it is loaded with the first command. */
export async function runCommand(
  argv: readonly string[],
  { timeoutMs = DEFAULT_COMMAND_TIMEOUT_MS, outlives = false }: RunOptions,
): Promise<Reading<CommandResult>> {
  const [name, ...rest] = argv;
  const file = name === undefined ? undefined : findCommand(name);
  if (file === undefined) return ABSENT;
  if (argv.some((word) => word.includes('\0'))) return unreadable('failed', `${name}: no program takes a word with a NUL`);
  const { execa } = await import('execa');
  const subprocess = execa(file, rest, {
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: COMMAND_OUTPUT_LIMIT,
    stripFinalNewline: false,
    // In a session of its own it does not get what the terminal sends to this one.
    detached: outlives,
    cleanup: !outlives,
    env: { LC_ALL: 'C', LANGUAGE: 'C' },
  });
  const abandon = abandonment(timeoutMs + AFTERMATH_MS, () => {
    subprocess.kill('SIGKILL');
    subprocess.stdout.destroy();
    subprocess.stderr.destroy();
  });
  const result = await Promise.race([subprocess, abandon.promise]);
  abandon.cancel();
  if (result === 'abandoned' || result.timedOut) return unreadable('timed-out', `${name} did not answer within ${timeoutMs / 1000} s`);
  if (result.isMaxBuffer) return unreadable('too-large', `${name} printed more than ${COMMAND_OUTPUT_LIMIT} bytes`);
  if (result.signal !== undefined) return unreadable('failed', `${name} was ended by ${result.signal}`);
  if (result.exitCode === undefined) return startFailure(result.code, `${name}: ${result.code ?? 'failed'}`);
  return ok({ exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr });
}

/** How long a killed command may take to go. */
const AFTERMATH_MS = 300;

/** A killed command can leave a child behind that holds its output open, or floods it: that is not waited for. */
function abandonment(afterMs: number, stop: () => void): { readonly promise: Promise<'abandoned'>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<'abandoned'>((resolve) => {
    timer = setTimeout(() => {
      stop();
      resolve('abandoned');
    }, afterMs);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}

function startFailure(code: string | undefined, detail: string): Reading<never> {
  if (code === 'ENOENT') return ABSENT;
  return unreadable(code === 'EACCES' || code === 'EPERM' ? 'denied' : 'failed', detail);
}

/** The file of a command by PATH and the system folders, so that `sbin` tools are found without root's PATH. */
function findCommand(name: string): string | undefined {
  if (name.includes('/')) return name;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/')), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
