import type { GuestError, GuestExec, GuestResult } from './channel.ts';
import { collect } from './output.ts';
import { shellCommand } from './shell-words.ts';
import { parseSystem, PROBE, type SshSystem } from './ssh-system.ts';
import { sshError } from './ssh-complaint.ts';
import { runSsh } from './ssh-process.ts';
import type { SshTarget } from './ssh-target.ts';

/** What is found out about a guest once, and kept as long as the channel is open. */
export interface SshSession {
  readonly target: SshTarget;
  readonly system: () => Promise<SshSystem>;
  readonly exec: (argv: readonly string[], options: GuestExec) => Promise<GuestResult>;
}

const PROBE_TIMEOUT_MS = 30_000;
/** A channel's memory of its guest; every command is a connection of its own. */
export function openSshSession(target: SshTarget): SshSession {
  let found: Promise<SshSystem> | undefined;
  const system = (): Promise<SshSystem> => (found ??= probe(target));
  return {
    target,
    system,
    exec: async (argv, options) => runCommand(target, shellCommand((await system()).shell, argv), options),
  };
}

/** Runs a command of the guest's own shell. */
async function runCommand(
  target: SshTarget,
  command: string,
  { input, timeoutMs, onOutput }: GuestExec,
  lateError?: GuestError,
): Promise<GuestResult> {
  const stdout = collect('stdout', onOutput);
  const stderr = collect('stderr', onOutput);
  const exitCode = await runSsh(target, command, {
    ...(input === undefined ? {} : { feed: (write) => write(input) }),
    onStdout: stdout.add,
    onStderr: stderr.add,
    timeoutMs,
    ...(lateError === undefined ? {} : { lateError }),
  });
  return {
    exitCode,
    signal: null,
    stdout: stdout.bytes(),
    stderr: stderr.bytes(),
    isTruncated: stdout.isTruncated() || stderr.isTruncated(),
  };
}

async function probe(target: SshTarget): Promise<SshSystem> {
  const lateError = sshError(target, `timed out: no answer within ${PROBE_TIMEOUT_MS / 1000} s`);
  const { stdout } = await runCommand(target, PROBE, { timeoutMs: PROBE_TIMEOUT_MS }, lateError);
  return parseSystem(Buffer.from(stdout.subarray(0, LONGEST_ANSWER)).toString('utf8'));
}

const LONGEST_ANSWER = 8192;
