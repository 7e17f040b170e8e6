import { setTimeout as sleep } from 'node:timers/promises';

import { ConnectionError } from '../libvirt/connection.ts';
import { AgentRefusal } from './agent-complaint.ts';
import type { AgentPort } from './agent-port.ts';
import { programStatus, type ProgramStatus, started } from './agent-replies.ts';
import { GuestError } from './channel.ts';

/** A program that the agent is to start. */
export interface AgentProgram {
  readonly argv: readonly string[];
  readonly input?: Uint8Array | undefined;
  readonly timeoutMs: number;
  /** Called now and then while the program runs. */
  readonly whileRunning?: () => Promise<void>;
  /** Called when it did not end in time, before that is thrown. */
  readonly onTimeout?: () => Promise<void>;
}

const FIRST_POLL_MS = 10;
const LAST_POLL_MS = 1000;
const LEAST_QUESTION_MS = 5000;
const LONGEST_QUESTION_MS = 30_000;
/** How long libvirt may be away while a program runs: its packages restart it. */
const LIBVIRT_AWAY_MS = 30_000;

/** Starts a program and waits for its end; the agent holds what it prints until then. */
export async function runProgram(port: AgentPort, program: AgentProgram): Promise<ProgramStatus> {
  const deadline = performance.now() + program.timeoutMs;
  const pid = await start(port, program, deadline);
  const asker = statusAsker(port, pid, deadline);
  for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 2, LAST_POLL_MS)) {
    const status = await asker();
    if (status?.exited === true) return status;
    if (performance.now() >= deadline) {
      await program.onTimeout?.();
      throw outOfTime(port, pid, program.timeoutMs);
    }
    await program.whileRunning?.();
    await sleep(Math.max(1, Math.min(pause, deadline - performance.now())));
  }
}

async function start(port: AgentPort, { argv, input }: AgentProgram, deadline: number): Promise<number> {
  const [path, ...rest] = argv;
  const more = input === undefined ? {} : { 'input-data': Buffer.from(input).toString('base64') };
  try {
    const { pid } = await port.ask({
      command: 'guest-exec',
      arguments: { path, arg: rest, 'capture-output': true, ...more },
      reply: started,
      timeoutMs: questionMs(deadline),
    });
    return pid;
  } catch (error) {
    if (!(error instanceof GuestError) || error.reason !== 'timed-out') throw error;
    throw new GuestError('timed-out', `${error.message}; the program may have been started all the same`, error.hint, { cause: error });
  }
}

/** Gives null when the agent was too busy to say, or libvirt is away for a while: it is asked again until the time is over. */
function statusAsker(port: AgentPort, pid: number, deadline: number): () => Promise<ProgramStatus | null> {
  let awaySince: number | null = null;
  return async () => {
    try {
      const status = await port.ask({
        command: 'guest-exec-status',
        arguments: { pid },
        reply: programStatus,
        timeoutMs: questionMs(deadline),
      });
      awaySince = null;
      return status;
    } catch (error) {
      if (!(error instanceof GuestError)) throw error;
      if (error.reason === 'timed-out') return null;
      // The agent forgets a program that has ended with the first answer that says so.
      if (error instanceof AgentRefusal && /pid/i.test(error.message)) throw lost(port, pid, error);
      awaySince ??= performance.now();
      if (error.cause instanceof ConnectionError && performance.now() - awaySince < LIBVIRT_AWAY_MS) return null;
      throw error;
    }
  };
}

function lost({ name }: AgentPort, pid: number, cause: GuestError): GuestError {
  return new GuestError('garbage', `the guest agent of ${name} no longer knows the program (pid ${pid}): how it ended is lost`, null, {
    cause,
  });
}

function questionMs(deadline: number): number {
  return Math.min(LONGEST_QUESTION_MS, Math.max(LEAST_QUESTION_MS, deadline - performance.now()));
}

function outOfTime(port: AgentPort, pid: number, timeoutMs: number): GuestError {
  return new GuestError(
    'timed-out',
    `the program did not end within ${timeoutMs / 1000} s, and may still run in ${port.name} (pid ${pid})`,
    'Give it more time with --timeout SECONDS',
  );
}
