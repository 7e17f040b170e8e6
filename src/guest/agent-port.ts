import * as z from 'zod/mini';

import { type Connection, ConnectionError } from '../libvirt/connection.ts';
import { virshComplaint } from '../libvirt/virsh.ts';
import { agentError } from './agent-complaint.ts';
import { GuestError } from './channel.ts';
import { inTurn } from './in-turn.ts';

/** The VM whose agent is asked; `name` is for people. */
export interface AgentAddress {
  readonly connection: Connection;
  readonly uuid: string;
  readonly name: string;
}

/** One question to a guest agent. */
interface AgentQuestion<T> {
  readonly command: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  /** What the answer must look like: a guest can answer anything. */
  readonly reply: z.ZodMiniType<T>;
  /** Milliseconds until libvirt gives the answer up; whole seconds are counted. */
  readonly timeoutMs: number;
}

/** The QEMU guest agent of one VM. */
export interface AgentPort {
  readonly name: string;
  /** Throws a {@link GuestError} when there is no answer, an `AgentRefusal` when the agent says no. */
  ask<T>(question: AgentQuestion<T>): Promise<T>;
}

/** The kernel takes 128 KiB for one argument of a program. */
const LONGEST_COMMAND_KIB = 127;
/** libvirt waits 30 s for its turn and 5 s for the synchronisation with the agent before the time-out of the command counts. */
const BEFORE_COMMAND_MS = 40_000;

const envelope = z.object({ return: z.unknown() });

/** Libvirt takes one command of an agent at a time; those of one port wait for each other. */
export function openAgentPort({ connection, uuid, name }: AgentAddress): AgentPort {
  const queue = inTurn();
  return {
    name,
    ask: async ({ command, arguments: given, reply, timeoutMs }) => {
      const text = JSON.stringify(given === undefined ? { execute: command } : { execute: command, arguments: given });
      if (Buffer.byteLength(text) > LONGEST_COMMAND_KIB * 1024)
        throw new GuestError(
          'refused',
          `${command} for ${name} is longer than the ${LONGEST_COMMAND_KIB} KiB that virsh takes`,
          'Put long arguments and input into a file, and copy it into the guest: passcheck vm copy',
        );
      const stdout = await queue(() => runVirsh({ connection, uuid, name }, command, text, timeoutMs));
      return parsed(stdout, reply, `${command} of ${name}`);
    },
  };
}

async function runVirsh({ connection, uuid, name }: AgentAddress, command: string, text: string, timeoutMs: number): Promise<string> {
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
  const argv = ['qemu-agent-command', '--timeout', String(seconds), uuid, text];
  try {
    const { exitCode, stdout, stderr } = await connection.run(argv, { timeoutMs: seconds * 1000 + BEFORE_COMMAND_MS });
    if (exitCode !== 0) throw agentError(name, command, virshComplaint(stderr));
    return stdout;
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    throw new GuestError('unreachable', error.message, error.hint, { cause: error });
  }
}

function parsed<T>(stdout: string, reply: z.ZodMiniType<T>, what: string): T {
  const whole = envelope.safeParse(jsonOf(stdout));
  const answer = whole.success ? reply.safeParse(whole.data.return) : whole;
  if (!answer.success) throw new GuestError('garbage', `the guest agent answered ${what} with something else than its protocol has`);
  return answer.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
