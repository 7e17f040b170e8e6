import { randomBytes } from 'node:crypto';

import { GuestError } from './channel.ts';
import { checkedSize, damaged, type Progress, unsized, UNSIZED_LIMIT } from './file-transfer.ts';
import { digestOf, openSource, type TargetFile, writeTarget } from './local-file.ts';
import { receiveFile, sendFile } from './posix-files.ts';
import { shellCommand } from './shell-words.ts';
import { runSsh } from './ssh-process.ts';
import type { SshTarget } from './ssh-target.ts';

// A shell of POSIX carries bytes as they are, so that one connection does all of a transfer.

const PIECE_BYTES = 256 * 1024;
const TAIL_BYTES = 400;
/** 64 GiB have 11 digits. */
const LONGEST_SIZE = 20;

/** See {@link GuestChannel.upload}. */
export async function uploadThrough(target: SshTarget, local: string, remote: string, progress: Progress): Promise<void> {
  const sha256 = await digestOf(local);
  const source = await openSource(local);
  const complaint = tailOf();
  try {
    const command = shellCommand('posix', receiveFile(remote, randomBytes(8).toString('hex'), sha256, source.mode));
    const exitCode = await runSsh(target, command, {
      feed: async (write) => {
        for (let done = 0; done < source.size;) {
          const bytes = await source.read(PIECE_BYTES);
          await write(bytes);
          done += bytes.length;
          progress(done, source.size);
        }
      },
      onStdout: () => undefined,
      onStderr: complaint.add,
      timeoutMs: null,
    });
    if (exitCode !== 0) throw new GuestError('refused', `${remote} of ${target.name}: ${complaint.lastLine() || `exit code ${exitCode}`}`);
  } finally {
    await source.close();
  }
}

/** See {@link GuestChannel.download}. */
export async function downloadThrough(target: SshTarget, remote: string, local: string, progress: Progress): Promise<void> {
  await writeTarget(local, async (file) => {
    const complaint = tailOf();
    const incoming = receive(file, `${remote} of ${target.name}`, progress);
    const exitCode = await runSsh(target, shellCommand('posix', sendFile(remote, UNSIZED_LIMIT)), {
      onStdout: incoming.add,
      onStderr: complaint.add,
      timeoutMs: null,
    });
    if (exitCode !== 0) throw new GuestError('refused', `${remote} of ${target.name}: ${complaint.lastLine() || `exit code ${exitCode}`}`);
    const { size, done } = incoming.end();
    if (size === 0 && done > UNSIZED_LIMIT) throw unsized(remote, target.name);
    if (size > 0 && (done < size || complaint.lastLine().split(' ')[0] !== file.digest())) throw damaged(remote, target.name);
  });
}

interface Incoming {
  readonly add: (bytes: Uint8Array) => Promise<void>;
  readonly end: () => { readonly size: number; readonly done: number };
}

/** Takes the line with the size, and then no more than that. */
function receive(file: TargetFile, what: string, progress: Progress): Incoming {
  let header = '';
  let size: number | undefined;
  let done = 0;
  const write = async (bytes: Uint8Array, of: number): Promise<void> => {
    const wanted = bytes.subarray(0, (of === 0 ? UNSIZED_LIMIT + 1 : of) - done);
    done += wanted.length;
    await file.write(wanted);
    progress(done, Math.max(of, done));
  };
  return {
    add: async (bytes) => {
      if (size !== undefined) return write(bytes, size);
      const end = bytes.indexOf(0x0a);
      header += Buffer.from(end === -1 ? bytes : bytes.subarray(0, end))
        .toString('latin1')
        .slice(0, LONGEST_SIZE);
      if (end === -1 && header.length < LONGEST_SIZE) return;
      size = checkedSize(header, what);
      if (end !== -1) await write(bytes.subarray(end + 1), size);
    },
    end: () => {
      if (size === undefined) throw new GuestError('garbage', `${what}: its size did not come`);
      return { size, done };
    },
  };
}

/** The end of what a program says on standard error. */
function tailOf(): { readonly add: (bytes: Uint8Array) => void; readonly lastLine: () => string } {
  let tail = '';
  return {
    add: (bytes) => {
      tail = (tail + Buffer.from(bytes).toString('utf8')).slice(-TAIL_BYTES);
    },
    lastLine: () => tail.trim().split('\n').at(-1)?.slice(0, 300) ?? '',
  };
}
