import { stat } from 'node:fs/promises';

import { GuestError } from './channel.ts';
import type { Progress } from './file-transfer.ts';
import type { SourceFile, TargetFile } from './local-file.ts';
import { sshError } from './ssh-complaint.ts';
import { runOpenSsh } from './ssh-process.ts';
import { sshOptions, type SshTarget } from './ssh-target.ts';

const LOOK_EVERY_MS = 300;
/** A file that grows meanwhile is cut, not refused. */
const SLACK_BYTES = 1024 * 1024;
const READ_BYTES = 1024 * 1024;

/** Puts all of a file into one of the guest. For guests whose shell carries no bytes: Windows. */
export async function sendBySftp(target: SshTarget, source: SourceFile, remote: string, progress: Progress): Promise<void> {
  await runSftp(target, `put ${quoted(source.path)} ${quoted(sftpPath(remote))}`, null);
  for (let done = 0; done < source.size;) done += (await source.read(READ_BYTES)).length;
  progress(source.size, source.size);
}

/** Gets a file of `bytes`; one that turns out to be longer is given up. */
export async function fetchBySftp(target: SshTarget, remote: string, bytes: number, file: TargetFile, progress: Progress): Promise<void> {
  const command = `get ${quoted(sftpPath(remote))} ${quoted(file.path)}`;
  await runSftp(target, command, async () => {
    const { size } = await stat(file.path);
    progress(Math.min(size, bytes), bytes);
    return size <= bytes + SLACK_BYTES;
  });
  await file.reread(bytes);
  progress(bytes, bytes);
}

/** `check` is asked now and then; false ends it. */
async function runSftp(target: SshTarget, command: string, check: (() => Promise<boolean>) | null): Promise<void> {
  let complaint = '';
  const stop = new AbortController();
  const timer = setInterval(() => {
    void check?.().then(
      (isFine) => isFine || stop.abort(),
      () => undefined,
    );
  }, LOOK_EVERY_MS);
  try {
    const host = target.address.includes(':') ? `[${target.address}]` : target.address;
    const exitCode = await runOpenSsh('sftp', ['-b', '-', ...sshOptions(target), '--', host], target, {
      feed: (write) => write(Buffer.from(`${command}\n`)),
      onStdout: () => undefined,
      onStderr: (bytes) => {
        complaint = (complaint + Buffer.from(bytes).toString('utf8')).slice(-4000);
      },
      timeoutMs: null,
      stop: stop.signal,
    });
    if (stop.signal.aborted) throw new GuestError('garbage', `${target.name} sent more than the size that it said`);
    if (exitCode === 255) throw sshError(target, complaint);
    if (exitCode !== 0) throw new GuestError('refused', `${target.name}: ${complaint.trim().split('\n').at(-1)?.slice(0, 300) ?? ''}`);
  } finally {
    clearInterval(timer);
  }
}

/** As the SFTP server of Windows writes paths: `/C:/Users/a.txt`. */
function sftpPath(remote: string): string {
  return /^[a-z]:[\\/]/i.test(remote) ? `/${remote.replaceAll('\\', '/')}` : remote;
}

/** A word of sftp's command language, where quotes make patterns literal, too. */
function quoted(path: string): string {
  if (/[\r\n]/.test(path)) throw new GuestError('refused', `sftp takes no path with a line end: ${path}`);
  return `"${path.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
