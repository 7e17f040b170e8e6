import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { CommandResult } from '../src/host/source.ts';
import type { Connection } from '../src/libvirt/connection.ts';

const PROGRAM = '/usr/sbin/qemu-ga';
/** REMOTE_STRING_MAX of libvirt's src/remote/remote_protocol.x */
const LONGEST_ANSWER = 4 * 1024 * 1024;
/** The kernel's MAX_ARG_STRLEN. */
const LONGEST_ARGUMENT = 128 * 1024;

/** Null: the program runs here. */
export const noRealAgent: string | null = spawnSync(PROGRAM, ['--version']).status === 0 ? null : 'qemu-guest-agent is not installed';

/** A real QEMU guest agent of this machine, behind a socket in place of a VM. */
export interface RealAgent {
  /** Takes `qemu-agent-command --timeout N UUID JSON` as libvirt does, with its limits. */
  readonly connection: Connection;
  /** The commands that it was asked, in order. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** The program itself, on a socket that takes one connection after the other. */
interface AgentProgram {
  readonly path: string;
  readonly stop: () => Promise<void>;
}

/** Starts an agent that does not take the commands in `blocked`. */
export async function startAgentProgram(blocked: readonly string[] = []): Promise<AgentProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-'));
  const path = join(folder, 'socket');
  const files = ['-f', join(folder, 'pid'), '-l', join(folder, 'log'), '-t', folder];
  const options = ['-m', 'unix-listen', '-p', path, ...files, ...blocked.flatMap((name) => ['-b', name])];
  const agent = spawn(PROGRAM, options, { stdio: 'ignore' });
  const ended = new Promise((done) => agent.on('close', done));
  while (!existsSync(path)) await sleep(10);
  return {
    path,
    stop: async () => {
      agent.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** {@link startAgentProgram}, and connects to it. */
export async function startRealAgent(blocked: readonly string[] = []): Promise<RealAgent> {
  const { path, stop } = await startAgentProgram(blocked);
  const socket = connect(path);
  const ask = lineAsker(socket);
  const asked: string[] = [];
  return {
    connection: {
      uri: 'qemu:///system',
      run: async (command) => {
        const text = command.at(-1) ?? '';
        if (text.length >= LONGEST_ARGUMENT) throw new Error('spawn E2BIG');
        const name = String(JSON.parse(text).execute);
        asked.push(name);
        return asVirsh(name, await ask(text));
      },
    },
    asked,
    stop: async () => {
      socket.destroy();
      await stop();
    },
  };
}

function lineAsker(socket: Socket): (line: string) => Promise<string> {
  let text = '';
  let waiting: ((line: string) => void) | undefined;
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    if (!text.endsWith('\n')) return;
    waiting?.(Buffer.from(text, 'latin1').toString('utf8'));
    text = '';
  });
  return (line) =>
    new Promise((done) => {
      waiting = done;
      socket.write(`${line}\n`);
    });
}

function asVirsh(name: string, line: string): CommandResult {
  const answer = JSON.parse(line);
  if ('error' in answer)
    return {
      exitCode: 1,
      stdout: '',
      stderr: `error: internal error: unable to execute QEMU agent command '${name}': ${answer.error.desc}\n`,
    };
  if (line.length > LONGEST_ANSWER) return { exitCode: 1, stdout: '', stderr: 'error: Unable to encode message payload\n' };
  return { exitCode: 0, stdout: `${line}\n`, stderr: '' };
}
