import { randomBytes } from 'node:crypto';

import { GuestError, type GuestResult, type GuestSystem } from './channel.ts';
import { draftOf, fileCommands, type FileCommands } from './file-commands.ts';
import { openSource, type SourceFile, type TargetFile, writeTarget } from './local-file.ts';

/** Says how much of a file has been transferred. */
export type Progress = (doneBytes: number, ofBytes: number) => void;

/** What the transfer of a file needs of a guest. */
export interface TransferChannel {
  /** As people call the guest. */
  readonly name: string;
  readonly kind: GuestSystem['kind'];
  run(argv: readonly string[]): Promise<GuestResult>;
  /** Puts all of a file into one that is there already, and is empty. */
  send(source: SourceFile, draft: string, progress: Progress): Promise<void>;
  /** Gets the first `bytes` of a file. */
  fetch(remote: string, bytes: number, target: TargetFile, progress: Progress): Promise<void>;
}

/** What a guest could make passcheck write to the disk of the host, at most: it says itself how large its files are. */
export const FETCH_LIMIT = 64 * 1024 ** 3;
/** Files of /proc are larger than they say. */
export const UNSIZED_LIMIT = 16 * 1024 ** 2;

/** See {@link GuestChannel.upload}: a draft beside the place, its checksum, then the rename. */
export async function uploadFile(channel: TransferChannel, local: string, remote: string, progress: Progress): Promise<void> {
  const source = await openSource(local);
  try {
    const commands = fileCommands(channel.kind);
    const token = randomBytes(8).toString('hex');
    const place = (await printed(channel, commands.prepare(remote, token), remote)) || remote;
    const draft = draftOf(place, token);
    try {
      await channel.send(source, draft, progress);
      await printed(channel, commands.place(draft, place, source.digest(), source.mode), remote);
    } catch (error) {
      await discard(channel, commands, draft);
      throw error;
    }
  } finally {
    await source.close();
  }
}

/** See {@link GuestChannel.download}: `local` must not be there yet. */
export async function downloadFile(channel: TransferChannel, remote: string, local: string, progress: Progress): Promise<void> {
  const commands = fileCommands(channel.kind);
  const text = await printed(channel, commands.size(remote), remote);
  const bytes = checkedSize(text, `${remote} of ${channel.name}`);
  await writeTarget(local, async (target) => {
    await channel.fetch(remote, bytes, target, progress);
    // What says that it is empty may be of /proc, whose contents differ each time.
    if (bytes === 0) return;
    const digest = await printed(channel, commands.digest(remote, bytes), remote);
    if (digest.split(' ')[0] !== target.digest()) throw damaged(remote, channel.name);
  });
}

/** The size that a guest says its file has. Throws a {@link GuestError} for one that no file of a VM has. */
export function checkedSize(text: string, what: string): number {
  if (!/^\d{1,20}$/.test(text))
    throw new GuestError('garbage', `${what}: its size is no number; does something that runs at login print: ${text.slice(0, 20)}`);
  const bytes = Number(text);
  if (bytes <= FETCH_LIMIT) return bytes;
  throw new GuestError('refused', `${what}: it has ${text} bytes, more than ${FETCH_LIMIT / 1024 ** 3} GiB`);
}

export function damaged(remote: string, name: string): GuestError {
  return new GuestError('garbage', `${remote} of ${name} changed while it was copied, or was damaged on the way`, 'Copy it again');
}

/** What does not say how large it is can be endless. */
export function unsized(remote: string, name: string): GuestError {
  return new GuestError('refused', `${remote} of ${name}: it does not say its size, and has more than ${UNSIZED_LIMIT / 1024 ** 2} MiB`);
}

/** Runs one of {@link FileCommands} and gives what it printed. */
export async function printed(channel: Pick<TransferChannel, 'name' | 'run'>, argv: readonly string[], remote: string): Promise<string> {
  const { exitCode, stdout, stderr } = await channel.run(argv);
  if (exitCode !== 0) {
    const complaint = Buffer.from(stderr).toString('utf8').trim().split('\n').at(-1) ?? '';
    throw new GuestError('refused', `${remote} of ${channel.name}: ${complaint.slice(0, 300) || `exit code ${exitCode}`}`);
  }
  return Buffer.from(stdout).toString('utf8').trim().slice(0, 4096);
}

/** A draft that stays behind is not worth hiding what went wrong. */
async function discard(channel: TransferChannel, commands: FileCommands, draft: string): Promise<void> {
  try {
    await channel.run(commands.discard(draft));
  } catch (error) {
    if (!(error instanceof GuestError)) throw error;
  }
}
