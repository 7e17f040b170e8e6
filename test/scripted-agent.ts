import type { CommandResult } from '../src/host/source.ts';
import type { Connection } from '../src/libvirt/connection.ts';

/** What a made-up agent answers: the value of `return`, the raw text of virsh, or virsh's complaint. */
export type Answer = { readonly return: unknown } | { readonly stdout: string } | { readonly stderr: string };

/** One question that an agent was asked. */
export interface Question {
  readonly execute: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A connection whose only VM has an agent that answers as told. */
export interface ScriptedAgent {
  readonly connection: Connection;
  readonly asked: Question[];
  /** What virsh was called with, in order. */
  readonly calls: (readonly string[])[];
  /** The most calls that ran at the same time. */
  readonly most: () => number;
}

export function scriptedAgent(answer: (question: Question) => Answer | Promise<Answer>): ScriptedAgent {
  const asked: Question[] = [];
  const calls: (readonly string[])[] = [];
  let running = 0;
  let most = 0;
  return {
    connection: {
      uri: 'qemu:///system',
      run: async (command) => {
        calls.push(command);
        most = Math.max(most, ++running);
        const { execute, arguments: given = {} } = JSON.parse(command.at(-1) ?? '');
        const question = { execute: String(execute), arguments: given };
        asked.push(question);
        const result = asResult(await answer(question));
        running--;
        return result;
      },
    },
    asked,
    calls,
    most: () => most,
  };
}

function asResult(answer: Answer): CommandResult {
  if ('stderr' in answer) return { exitCode: 1, stdout: '', stderr: `error: ${answer.stderr}\n` };
  return { exitCode: 0, stdout: 'stdout' in answer ? answer.stdout : `${JSON.stringify({ return: answer.return })}\n\n`, stderr: '' };
}

/** The `guest-info` of an agent that takes everything. */
export const CAPABLE = {
  version: '7.2.22',
  supported_commands: [
    'guest-exec',
    'guest-exec-status',
    'guest-file-open',
    'guest-file-close',
    'guest-file-read',
    'guest-file-write',
    'guest-file-seek',
    'guest-file-flush',
  ].map((name) => ({ name, enabled: true, 'success-response': true })),
};

/** What qemu-ga says in Windows. */
export const WINDOWS = { id: 'mswindows', name: 'Microsoft Windows', 'pretty-name': 'Windows 11 Pro', version: 'Microsoft Windows 11' };

/** What qemu-ga says in Debian 12. */
export const DEBIAN = { id: 'debian', name: 'Debian GNU/Linux', 'pretty-name': 'Debian GNU/Linux 12 (bookworm)', 'version-id': '12' };

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
