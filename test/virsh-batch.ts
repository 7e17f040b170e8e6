import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { CommandResult } from '../src/host/source.ts';
import type { Connection } from '../src/libvirt/connection.ts';

/** A connection that keeps what it was asked, one entry a process. */
export interface AskedConnection extends Connection {
  readonly asked: string[];
}

/** Answers as a real virsh did (fixtures/provision/world): only what was recorded, each in its place. */
export function recordedConnection(name: string): AskedConnection {
  const text = readFileSync(join(import.meta.dirname, '../fixtures/provision/world', `${name}.txt`), 'utf8');
  const processes = text.split(/^### command\n/m).slice(1);
  const known = processes.map((process) => {
    const [command = '', stdout = '', stderr = ''] = process.split(/\n### std(?:out|err)\n/);
    return { command, result: { exitCode: 0, stdout, stderr: stderr.replace(/\n$/, '') } };
  });
  return connectionOf((command) => known.find((process) => process.command === command)?.result);
}

/** What a single virsh command prints; one that starts with `error: ` is a refusal. */
export type BatchAnswers = Readonly<Record<string, string>>;

/** Answers batches as virsh does; a command that is not in `answers` is refused. */
export function batchConnection(
  answers: BatchAnswers,
  change: (result: CommandResult) => CommandResult = (result) => result,
): AskedConnection {
  return connectionOf((batch) => {
    let [stdout, stderr] = ['', ''];
    // A quoted word can hold a semicolon, so it is the marks that commands are told apart by.
    for (const part of batch.split(/(?:^|; )(?=echo "\n)/)) {
      const match = /^echo "(\n[^"]*)"; echo --err "([^"]*)"; ([^]*)$/.exec(part);
      if (match === null) continue;
      const [, mark = '', errorMark = '', command = ''] = match;
      const answer = answers[command] ?? `error: refused: ${command}`;
      const isRefused = answer.startsWith('error: ');
      stdout += `${mark}${isRefused ? '' : answer}`;
      stderr += `error: ${errorMark}\n${isRefused ? `${answer}\n` : ''}`;
    }
    return change({ exitCode: 0, stdout, stderr });
  });
}

function connectionOf(answer: (command: string) => CommandResult | undefined): AskedConnection {
  const asked: string[] = [];
  return {
    uri: 'qemu:///system',
    asked,
    run(command) {
      const text = command.join(' ');
      asked.push(text);
      const result = answer(text);
      return result === undefined ? Promise.reject(new Error(`not recorded: ${text}`)) : Promise.resolve(result);
    },
  };
}
