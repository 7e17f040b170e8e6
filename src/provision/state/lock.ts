import { createHash } from 'node:crypto';
import type { Server } from 'node:net';

import { oneLine } from '../../report/sanitize.ts';
import type { ConnectionUri } from '../../libvirt/virsh.ts';
import { StateError } from './state-error.ts';

/** A lock that is held. It goes with its process, however that ends. */
export interface Lock {
  release(): Promise<void>;
}

/** Who holds a lock, as it answers to everybody who asks. */
export interface LockHolder {
  readonly pid: number;
  /** `apply`, `destroy` … */
  readonly command: string;
  /** When it began, in ISO 8601. */
  readonly since: string;
}

/** Abstract sockets of Linux have a name and no file: nothing is left behind, and nobody has to tidy up. unix(7) */
export function lockName(uri: ConnectionUri, uid: number): string {
  const whose = uri === 'qemu:///session' ? `${uri} ${uid}` : uri;
  return `\0passcheck-${createHash('sha256').update(whose).digest('hex').slice(0, 32)}`;
}

/** Takes a lock, or throws a {@link StateError} that says who has it. `what` names it for people: `qemu:///system`. */
export async function takeLock(name: string, what: string, holder: LockHolder): Promise<Lock> {
  const { createServer } = await import('node:net');
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(`${holder.pid} ${holder.command} ${holder.since}\n`);
  });
  const failure = await listening(server, name);
  if (failure === null) {
    // Who forgets to release it still ends.
    server.unref();
    return { release: () => closed(server) };
  }
  if (failure !== 'EADDRINUSE') throw new StateError(`could not lock ${what}: ${failure}`);
  throw new StateError(`${what} is being changed by another passcheck (${await holderOf(name)}): run this again when it has ended`);
}

/** The code of the error, or null. */
function listening(server: Server, name: string): Promise<string | null> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen({ path: name, exclusive: true }, () => resolve(null));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

const ANSWER_MS = 1000;
const ANSWER_LIMIT = 200;

/** Anybody on this machine could have taken the name: the answer is a text to show, not more. */
async function holderOf(name: string): Promise<string> {
  const { connect } = await import('node:net');
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect({ path: name });
    const end = (): void => {
      socket.destroy();
      resolve(text);
    };
    socket.setEncoding('utf8').setTimeout(ANSWER_MS, end).on('error', end).on('close', end);
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > ANSWER_LIMIT || text.includes('\n')) end();
    });
  });
  const [, pid, command, since] = /^(\d{1,10}) ([a-z][a-z -]{0,30}) (\d{4}-[\d:.TZ-]{10,30})\n/.exec(answer) ?? [];
  if (pid === undefined) return 'it does not say which';
  return oneLine(`pid ${pid}, ${command}, since ${since}`);
}
