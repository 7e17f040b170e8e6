import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import { GuestError } from './channel.ts';
import { sshError } from './ssh-complaint.ts';
import { sshOptions, type SshTarget } from './ssh-target.ts';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** What a process of OpenSSH reads and writes. */
export interface SshStreams {
  /** Writes what the process reads; the end of it is the end of the input. */
  readonly feed?: (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>;
  readonly onStdout: (bytes: Uint8Array) => Promise<void> | void;
  readonly onStderr: (bytes: Uint8Array) => Promise<void> | void;
  /** Milliseconds until it is killed; null: as long as the connection lives. */
  readonly timeoutMs: number | null;
  /** What the time-out means; that the program may still run, unless told. */
  readonly lateError?: GuestError;
  /** Ends the process when it is aborted. */
  readonly stop?: AbortSignal;
}

/** ssh's own failures, and those of a program that has this exit code. */
const SSH_FAILED = 255;
/** ssh prints this where the program's own errors stand, too, when the other side goes away. */
const CLOSED = /Connection to \S{1,300} closed by remote host\.\r?\n$/;

/** Runs a command of the guest's login shell over SSH; gives its exit code. Throws a {@link GuestError} when the connection failed. */
export async function runSsh(target: SshTarget, command: string, streams: SshStreams): Promise<number> {
  // ssh keeps its own messages apart from those of the program only in a file.
  const folder = await mkdtemp(join(tmpdir(), 'passcheck-ssh-'));
  try {
    const log = join(folder, 'log');
    let tail = '';
    const onStderr = async (bytes: Uint8Array): Promise<void> => {
      tail = (tail + Buffer.from(bytes).toString('latin1')).slice(-400);
      await streams.onStderr(bytes);
    };
    const argv = [...sshOptions(target), '-T', '-E', log, '--', target.address, command];
    const exitCode = await runOpenSsh('ssh', argv, target, { ...streams, onStderr });
    if (exitCode !== SSH_FAILED) return exitCode;
    const complaint = await readFile(log, 'utf8').catch(() => '');
    if (complaint.trim() !== '') throw sshError(target, complaint);
    if (CLOSED.test(tail)) throw sshError(target, 'the connection was closed while the program ran');
    return exitCode;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs ssh or sftp; a {@link GuestError} when it is not installed or did not end in time. */
export async function runOpenSsh(
  program: 'ssh' | 'sftp',
  argv: readonly string[],
  { name }: SshTarget,
  streams: SshStreams,
): Promise<number> {
  const child: Child = spawn(program, argv, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => reject(notStarted(program, error)));
    child.on('close', (code) => resolve(code ?? SSH_FAILED));
  });
  const { timeoutMs } = streams;
  let isLate = false;
  const timer = setTimeout(
    () => {
      isLate = true;
      child.kill('SIGKILL');
    },
    timeoutMs ?? 2 ** 31 - 1,
  );
  streams.stop?.addEventListener('abort', () => child.kill('SIGKILL'));
  try {
    const [exitCode] = await Promise.all([
      ended,
      feedAll(child.stdin, streams.feed),
      drain(child.stdout, streams.onStdout),
      drain(child.stderr, streams.onStderr),
    ]);
    if (isLate) throw streams.lateError ?? outOfTime(name, timeoutMs ?? 0);
    return exitCode;
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}

async function drain(stream: Readable, take: (bytes: Uint8Array) => Promise<void> | void): Promise<void> {
  for await (const bytes of stream) await take(bytes);
}

/** A program that does not read all of its input is no error. */
async function feedAll(stdin: Writable, feed: SshStreams['feed']): Promise<void> {
  let isGone = false;
  stdin.on('error', () => (isGone = true));
  await feed?.(async (bytes) => {
    if (isGone || stdin.destroyed || stdin.write(bytes)) return;
    await writable(stdin);
  });
  stdin.end();
}

function writable(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stdin.off('drain', done);
      stdin.off('close', done);
      resolve();
    };
    stdin.on('drain', done);
    stdin.on('close', done);
  });
}

function notStarted(program: string, error: Error): GuestError {
  const isMissing = 'code' in error && error.code === 'ENOENT';
  if (!isMissing) return new GuestError('unreachable', `could not start ${program}: ${error.message}`, null, { cause: error });
  return new GuestError(
    'unreachable',
    `${program} is not installed`,
    'Install OpenSSH: the package openssh-client (Debian, Ubuntu), openssh-clients (Fedora) or openssh (Arch)',
    {
      cause: error,
    },
  );
}

function outOfTime(name: string, timeoutMs: number): GuestError {
  return new GuestError(
    'timed-out',
    `the program did not end within ${timeoutMs / 1000} s, and may still run in ${name}`,
    'Give it more time with --timeout SECONDS',
  );
}
