import type * as z from 'zod/mini';

import type { AgentPort } from './agent-port.ts';
import { handle, nothing, piece, position, written } from './agent-replies.ts';
import { ANSWER_TIMEOUT_MS } from './agent-session.ts';
import { GuestError } from './channel.ts';

/** An open file of a guest. */
export interface AgentFile {
  write(bytes: Uint8Array): Promise<void>;
  flush(): Promise<void>;
  read(length: number): Promise<{ readonly bytes: Uint8Array; readonly isEnd: boolean }>;
  /** Goes to the end and back; gives the size. */
  size(): Promise<number>;
}

/** Opens a file with a mode of fopen(3) and closes it again whatever happens: agents keep handles until they are restarted. */
export async function withAgentFile<T>(port: AgentPort, path: string, mode: string, use: (file: AgentFile) => Promise<T>): Promise<T> {
  const id = await port.ask({
    command: 'guest-file-open',
    arguments: { path, mode },
    reply: handle,
    timeoutMs: ANSWER_TIMEOUT_MS,
  });
  const ask = askAbout(port, id);
  let result: T;
  try {
    result = await use(fileOf(port, ask));
  } catch (error) {
    await ask('guest-file-close', nothing).catch(() => undefined);
    throw error;
  }
  await ask('guest-file-close', nothing);
  return result;
}

/** Asks about one open file. */
type Ask = <T>(command: string, reply: z.ZodMiniType<T>, more?: Readonly<Record<string, unknown>>) => Promise<T>;

function askAbout(port: AgentPort, id: number): Ask {
  return (command, reply, more = {}) => port.ask({ command, arguments: { handle: id, ...more }, reply, timeoutMs: ANSWER_TIMEOUT_MS });
}

function fileOf({ name }: AgentPort, ask: Ask): AgentFile {
  return {
    write: async (bytes) => {
      const { count } = await ask('guest-file-write', written, { 'buf-b64': Buffer.from(bytes).toString('base64') });
      if (count !== bytes.length) throw new GuestError('refused', `${name} wrote ${count} of ${bytes.length} bytes: is its disk full?`);
    },
    flush: async () => {
      await ask('guest-file-flush', nothing);
    },
    read: async (length) => {
      const { count, 'buf-b64': bytes, eof } = await ask('guest-file-read', piece, { count: length });
      if (bytes.length !== count || count > length)
        throw new GuestError('garbage', `${name} was asked for ${length} bytes, said it read ${count}, and sent ${bytes.length}`);
      return { bytes, isEnd: eof };
    },
    size: async () => {
      const end = await ask('guest-file-seek', position, { offset: 0, whence: 2 });
      await ask('guest-file-seek', position, { offset: 0, whence: 0 });
      return end.position;
    },
  };
}
