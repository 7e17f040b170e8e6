import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';

import { ABSENT, ok, type Reading, unreadable } from './reading.ts';
import { COMMAND_OUTPUT_LIMIT, type CommandResult, DEFAULT_COMMAND_TIMEOUT_MS, type RunOptions } from './source.ts';

/** Where tools of the host live that are not always on an ordinary user's PATH. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin', '/run/current-system/sw/bin'];

/** Runs a command of this machine; see `HostSource.run`. `child_process` costs 10 ms to load, so it is loaded with the first command. */
export async function runCommand(
  argv: readonly string[],
  { timeoutMs = DEFAULT_COMMAND_TIMEOUT_MS, outlives = false }: RunOptions,
): Promise<Reading<CommandResult>> {
  const [name = '', ...rest] = argv;
  const file = name === '' ? undefined : findCommand(name);
  if (file === undefined) return ABSENT;
  const { spawn } = await import('node:child_process');
  try {
    const env = { ...process.env, LC_ALL: 'C', LANGUAGE: 'C' };
    // In a session of its own it does not get what the terminal sends to this one.
    const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe'], env, detached: outlives });
    return await answerOf(child, { name, timeoutMs, outlives });
  } catch (error) {
    // Words that no program can be given: longer than the kernel takes, or with a NUL.
    return startFailure(name, error);
  }
}

type Piped = ChildProcessByStdio<null, Readable, Readable>;

/** Waits until a command ended and its output is closed, or until it is given up. */
function answerOf(
  child: Piped,
  { name, timeoutMs, outlives }: Required<Pick<RunOptions, 'timeoutMs' | 'outlives'>> & { readonly name: string },
): Promise<Reading<CommandResult>> {
  const forget = outlives ? () => {} : endWithThisProcess(child);
  return new Promise((resolve) => {
    let verdict: Reading<never> | null = null;
    let timer = setTimeout(() => giveUp(unreadable('timed-out', `${name} did not answer within ${timeoutMs / 1000} s`)), timeoutMs);
    const end = (reading: Reading<CommandResult>): void => {
      clearTimeout(timer);
      forget();
      resolve(reading);
    };
    const giveUp = (why: Reading<never>): void => {
      if (verdict !== null) return;
      verdict = why;
      clearTimeout(timer);
      child.kill('SIGKILL');
      // A killed command can leave a child behind that holds its output open, or floods it: that is not waited for.
      timer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        end(why);
      }, AFTERMATH_MS);
    };
    const overflow = (): void => giveUp(unreadable('too-large', `${name} printed more than ${COMMAND_OUTPUT_LIMIT} bytes`));
    const stdout = collect(child.stdout, overflow);
    const stderr = collect(child.stderr, overflow);
    child.on('error', (error) => end(startFailure(name, error)));
    child.once('close', (exitCode, signal) => {
      if (verdict !== null) end(verdict);
      else if (exitCode === null) end(unreadable('failed', `${name} was ended by ${signal}`));
      else end(ok({ exitCode, stdout: stdout(), stderr: stderr() }));
    });
  });
}

/** How long a killed command may take to go. */
const AFTERMATH_MS = 300;

/** Gives the text of what a stream had so far; bytes that are no UTF-8 become U+FFFD. */
function collect(stream: Readable, overflow: () => void): () => string {
  const chunks: Uint8Array[] = [];
  let total = 0;
  stream.on('data', (chunk: Buffer) => {
    total += chunk.length;
    if (total > COMMAND_OUTPUT_LIMIT) overflow();
    else chunks.push(chunk);
  });
  return () => new TextDecoder().decode(Buffer.concat(chunks));
}

/** Commands that run; whatever ends this process in an orderly way ends them, too. */
const running = new Set<ChildProcess>();

/** Gives what says that it ended. */
function endWithThisProcess(child: ChildProcess): () => void {
  if (running.size === 0) process.once('exit', endAll);
  running.add(child);
  return () => {
    running.delete(child);
    if (running.size === 0) process.removeListener('exit', endAll);
  };
}

function endAll(): void {
  for (const child of running) child.kill();
}

function startFailure(name: string, error: unknown): Reading<never> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return ABSENT;
  return unreadable(code === 'EACCES' || code === 'EPERM' ? 'denied' : 'failed', `${name}: ${code || String(error)}`);
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
