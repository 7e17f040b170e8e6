import { withAgentFile } from './agent-handle.ts';
import type { AgentPort } from './agent-port.ts';
import { FETCH_LIMIT, type Progress, unsized, UNSIZED_LIMIT } from './file-transfer.ts';
import { GuestError } from './channel.ts';
import { openSource, type SourceFile, type TargetFile, writeTarget } from './local-file.ts';

export const FILE_COMMANDS: readonly string[] = [
  'guest-file-open',
  'guest-file-close',
  'guest-file-read',
  'guest-file-write',
  'guest-file-seek',
  'guest-file-flush',
];

/** 64 KiB as base64: virsh takes 128 KiB in one argument. */
const WRITE_BYTES = 48 * 1024;
/** libvirt carries answers up to 4 MiB. */
const READ_BYTES = 1024 * 1024;

/** Writes all of a file into one of the guest. */
export async function sendFile(port: AgentPort, source: SourceFile, remote: string, progress: Progress): Promise<void> {
  await withAgentFile(port, remote, 'wb', async (file) => {
    for (let done = 0; done < source.size;) {
      const bytes = await source.read(WRITE_BYTES);
      await file.write(bytes);
      done += bytes.length;
      progress(done, source.size);
    }
    await file.flush();
  });
}

/** Reads the first `bytes` of a file of the guest; of one that says it is empty, what there is. */
export async function fetchFile(port: AgentPort, remote: string, bytes: number, target: TargetFile, progress: Progress): Promise<void> {
  await withAgentFile(port, remote, 'rb', async (file) => {
    const most = bytes === 0 ? UNSIZED_LIMIT : bytes;
    for (let done = 0; done < most;) {
      const { bytes: piece, isEnd } = await file.read(Math.min(READ_BYTES, most - done));
      await target.write(piece);
      done += piece.length;
      progress(done, Math.max(bytes, done));
      if (isEnd && bytes === 0) return;
      if ((isEnd || piece.length === 0) && done < bytes)
        throw new GuestError('garbage', `${remote} of ${port.name} became shorter while it was copied`);
    }
    if (bytes === 0) throw unsized(remote, port.name);
  });
}

/** For an agent that runs no programs: straight to the place, since nothing can rename, and read back, since nothing can sum up. */
export async function sendWithoutPrograms(port: AgentPort, local: string, remote: string, progress: Progress): Promise<void> {
  const source = await openSource(local);
  try {
    await sendFile(port, source, remote, progress);
    await compare(port, remote, local);
  } finally {
    await source.close();
  }
}

async function compare(port: AgentPort, remote: string, local: string): Promise<void> {
  const again = await openSource(local);
  try {
    await withAgentFile(port, remote, 'rb', async (file) => {
      for (;;) {
        const { bytes, isEnd } = await file.read(READ_BYTES);
        const wanted = await again.read(bytes.length);
        if (Buffer.compare(bytes, wanted) !== 0 || (isEnd && (await again.read(1)).length > 0))
          throw new GuestError('garbage', `${remote} of ${port.name} is not what was sent: it was damaged on the way`, 'Copy it again');
        if (isEnd) return;
      }
    });
  } finally {
    await again.close();
  }
}

/** For an agent that runs no programs. */
export async function fetchWithoutPrograms(port: AgentPort, remote: string, local: string, progress: Progress): Promise<void> {
  const bytes = await withAgentFile(port, remote, 'rb', (file) => file.size());
  if (bytes > FETCH_LIMIT)
    throw new GuestError('refused', `${remote} of ${port.name}: it has ${bytes} bytes, more than ${FETCH_LIMIT / 1024 ** 3} GiB`);
  await writeTarget(local, (target) => fetchFile(port, remote, bytes, target, progress));
}
