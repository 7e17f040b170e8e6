import { type GuestExec, type GuestResult, type GuestSystem } from './channel.ts';
import { collect } from './output.ts';
import { type LoginShell, shellCommand } from './shell-words.ts';
import { runSsh } from './ssh-process.ts';
import type { SshTarget } from './ssh-target.ts';

/** What is found out about a guest once, and kept as long as the channel is open. */
export interface SshSession {
  readonly target: SshTarget;
  shell(): Promise<{ readonly shell: LoginShell; readonly kind: GuestSystem['kind'] }>;
  exec(argv: readonly string[], options: GuestExec): Promise<GuestResult>;
}

const PROBE_TIMEOUT_MS = 30_000;
/**
 * Only cmd.exe puts the variable between percent signs, and only PowerShell the one after the dollar sign. A command that each of them and
 * all shells of POSIX take.
 */
const PROBE = 'echo %OS% $env:OS; uname -s';

/** A channel's memory of its guest; every command is a connection of its own. */
export function openSshSession(target: SshTarget): SshSession {
  let found: ReturnType<SshSession['shell']> | undefined;
  const shell = (): ReturnType<SshSession['shell']> => (found ??= probe(target));
  return {
    target,
    shell,
    exec: async (argv, options) => runCommand(target, shellCommand((await shell()).shell, argv), options),
  };
}

/** Runs a command of the guest's own shell. */
async function runCommand(target: SshTarget, command: string, { input, timeoutMs, onOutput }: GuestExec): Promise<GuestResult> {
  const stdout = collect('stdout', onOutput);
  const stderr = collect('stderr', onOutput);
  const exitCode = await runSsh(target, command, {
    ...(input === undefined ? {} : { feed: (write) => write(input) }),
    onStdout: stdout.add,
    onStderr: stderr.add,
    timeoutMs,
  });
  return {
    exitCode,
    signal: null,
    stdout: stdout.bytes(),
    stderr: stderr.bytes(),
    isTruncated: stdout.isTruncated() || stderr.isTruncated(),
  };
}

async function probe(target: SshTarget): ReturnType<SshSession['shell']> {
  const { stdout } = await runCommand(target, PROBE, { timeoutMs: PROBE_TIMEOUT_MS });
  const text = Buffer.from(stdout.subarray(0, 1000)).toString('latin1');
  if (/^Windows_NT\b/.test(text)) return { shell: 'cmd', kind: 'windows' };
  if (/^Windows_NT\b/m.test(text)) return { shell: 'power-shell', kind: 'windows' };
  return { shell: 'posix', kind: /^Linux\b/m.test(text) ? 'linux' : 'other' };
}
