import { GuestError } from './channel.ts';
import { type Progress, unsized, UNSIZED_LIMIT } from './file-transfer.ts';
import type { SourceFile, TargetFile } from './local-file.ts';
import { shellCommand } from './shell-words.ts';
import { runSsh } from './ssh-process.ts';
import type { SshTarget } from './ssh-target.ts';

const PIECE_BYTES = 256 * 1024;
const TAIL_BYTES = 300;

/** Puts all of a file into one of a guest with a shell of POSIX, which carries bytes as they are. */
export async function sendThrough(target: SshTarget, source: SourceFile, remote: string, progress: Progress): Promise<void> {
  const complaint = tailOf();
  const exitCode = await runSsh(target, shellCommand('posix', ['sh', '-c', 'cat >"$1"', 'sh', remote]), {
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
  if (exitCode !== 0) throw new GuestError('refused', `${remote} of ${target.name}: ${complaint.text()}`);
}

/** Gets the first `bytes` of a file; of one that says it is empty, what there is. */
export async function fetchThrough(target: SshTarget, remote: string, bytes: number, file: TargetFile, progress: Progress): Promise<void> {
  const complaint = tailOf();
  const most = bytes === 0 ? UNSIZED_LIMIT + 1 : bytes;
  let done = 0;
  const exitCode = await runSsh(target, shellCommand('posix', ['sh', '-c', 'head -c "$2" <"$1"', 'sh', remote, String(most)]), {
    onStdout: async (piece) => {
      // head prints no more; a guest that is hostile might.
      const wanted = piece.subarray(0, most - done);
      done += wanted.length;
      await file.write(wanted);
      progress(done, Math.max(bytes, done));
    },
    onStderr: complaint.add,
    timeoutMs: null,
  });
  if (exitCode !== 0) throw new GuestError('refused', `${remote} of ${target.name}: ${complaint.text()}`);
  if (bytes === 0 && done > UNSIZED_LIMIT) throw unsized(remote, target.name);
  if (done < bytes) throw new GuestError('garbage', `${remote} of ${target.name} became shorter while it was copied`);
}

/** The end of what a program complains of. */
function tailOf(): { readonly add: (bytes: Uint8Array) => void; readonly text: () => string } {
  let tail = '';
  return {
    add: (bytes) => {
      tail = (tail + Buffer.from(bytes).toString('utf8')).slice(-TAIL_BYTES);
    },
    text: () => tail.trim().split('\n').at(-1) ?? '',
  };
}
