import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { noRealSshd, type RealSshd, startRealSshd } from '../../test/real-sshd.ts';
import { GUEST_OUTPUT_LIMIT, type GuestChannel } from './channel.ts';
import { openSource, writeTarget } from './local-file.ts';
import { fetchBySftp, sendBySftp } from './sftp.ts';
import { sshChannel } from './ssh.ts';

const TIMEOUT = { timeoutMs: 60_000 };
const quiet = (): void => {};

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

describe.skipIf(noRealSshd !== null)('a real SSH server', () => {
  let server: RealSshd;
  let channel: GuestChannel;
  let folder: string;

  beforeAll(async () => {
    server = await startRealSshd();
    channel = sshChannel(server.target);
    folder = mkdtempSync(join(tmpdir(), 'guest-'));
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('answers, is remembered, and says what system it is in', async () => {
    await channel.ping(10_000);
    expect(readFileSync(server.target.knownHosts, 'utf8')).toMatch(/^passcheck-lab1 ssh-ed25519 /);
    const system = await channel.system(10_000);
    expect(system.kind).toBe('linux');
    expect(system.name).not.toBe('');
  });

  it('runs a program: arguments, input, both streams and the exit code come through as they are', async () => {
    const nasty = ['a b', "it's", '"', '$HOME', '*', '', '\\', 'ä€😀', 'new\nline', '-n', '!x', '~', '`id`'];
    const result = await channel.exec(['sh', '-c', 'cat; printf "%s|" "$@"; printf err >&2; exit 7', 'sh', ...nasty], {
      ...TIMEOUT,
      input: new Uint8Array([0, 255, 10]),
    });
    expect(result).toMatchObject({ exitCode: 7, signal: null, isTruncated: false });
    expect([...result.stdout.subarray(0, 3)]).toEqual([0, 255, 10]);
    expect(text(result.stdout.subarray(3))).toBe(nasty.map((word) => `${word}|`).join(''));
    expect(text(result.stderr)).toBe('err');
  });

  it('tells the exit code 255 of a program from a failure of ssh', async () => {
    expect(await channel.exec(['sh', '-c', 'echo no >&2; exit 255'], TIMEOUT)).toMatchObject({ exitCode: 255 });
  });

  it('reports a program that a signal ended as a shell does', async () => {
    expect(await channel.exec(['sh', '-c', 'kill -9 $$'], TIMEOUT)).toMatchObject({ exitCode: 137 });
  });

  it('notices that the connection went away', async () => {
    // The parent of the login shell is the server's process for this connection.
    const work = channel.exec(['sh', '-c', 'kill -9 $(ps -o ppid= -p $PPID | tr -d " "); sleep 5'], TIMEOUT);
    await expect(work).rejects.toMatchObject({
      name: 'GuestError',
      reason: 'unreachable',
      message: expect.stringContaining('closed while'),
    });
  });

  it('hands output on while the program runs', async () => {
    const flag = join(folder, 'flag');
    const seen: string[] = [];
    const script = 'echo begun; while [ ! -e "$1" ]; do sleep 0.05; done; echo ended >&2';
    await channel.exec(['sh', '-c', script, 'sh', flag], {
      ...TIMEOUT,
      onOutput: (stream, bytes) => {
        seen.push(`${stream} ${text(bytes)}`);
        // The program ends when what it printed first has come.
        writeFileSync(flag, '');
      },
    });
    expect(seen).toEqual(['stdout begun\n', 'stderr ended\n']);
  });

  it('keeps 16 MiB of a stream, and says that there was more', async () => {
    const result = await channel.exec(['head', '-c', String(GUEST_OUTPUT_LIMIT + 1), '/dev/zero'], TIMEOUT);
    expect(result.stdout.length).toBe(GUEST_OUTPUT_LIMIT);
    expect(result).toMatchObject({ isTruncated: true, exitCode: 0 });
  });

  it('does not mind a program that leaves its input alone', async () => {
    expect(await channel.exec(['true'], { ...TIMEOUT, input: new Uint8Array(4 * 1024 * 1024) })).toMatchObject({ exitCode: 0 });
  });

  it('gives a program up after its time', async () => {
    await channel.ping(10_000);
    await expect(channel.exec(['sleep', '20'], { timeoutMs: 500 })).rejects.toMatchObject({
      reason: 'timed-out',
      message: 'the program did not end within 0.5 s, and may still run in lab1',
    });
  });

  it('copies a file there and back', async () => {
    const bytes = Buffer.from(Array.from({ length: 1_500_000 }, (_, index) => (index * 7919) % 251));
    const [local, remote, back] = [join(folder, 'local'), join(folder, 'remote "$x\''), join(folder, 'back')];
    writeFileSync(local, bytes, { mode: 0o751 });
    const progress: number[] = [];
    await channel.upload(local, remote, (done, of) => progress.push(done / of));
    expect(Buffer.compare(readFileSync(remote), bytes)).toBe(0);
    expect(statSync(remote).mode & 0o777).toBe(0o751);
    expect(progress.at(-1)).toBe(1);
    await channel.download(remote, back, quiet);
    expect(Buffer.compare(readFileSync(back), bytes)).toBe(0);
    expect(readdirSync(folder).filter((name) => name.endsWith('.draft'))).toEqual([]);
  });

  it('copies empty files, and what has no size', async () => {
    const [empty, there, back] = [join(folder, 'empty'), join(folder, 'empty-there'), join(folder, 'version')];
    writeFileSync(empty, '');
    await channel.upload(empty, there, quiet);
    expect(readFileSync(there, 'utf8')).toBe('');
    await channel.download('/proc/version', back, quiet);
    expect(readFileSync(back, 'utf8')).toMatch(/^Linux/);
  });

  it('copies over SFTP as to Windows', async () => {
    const [local, remote, back] = [join(folder, 'sftp [a] "b" \\'), join(folder, 'sftp * there'), join(folder, "sftp 'back")];
    const bytes = Buffer.alloc(300_000, 'passcheck');
    writeFileSync(local, bytes);
    const source = await openSource(local);
    await sendBySftp(server.target, source, remote, quiet);
    await source.close();
    expect(Buffer.compare(readFileSync(remote), bytes)).toBe(0);
    const digest = await writeTarget(back, async (target) => {
      await fetchBySftp(server.target, remote, bytes.length, target, quiet);
      return target.digest();
    });
    expect(Buffer.compare(readFileSync(back), bytes)).toBe(0);
    expect(digest).toBe(source.digest());
  });

  it('says why SFTP failed', async () => {
    const work = writeTarget(join(folder, 'x'), (target) => fetchBySftp(server.target, '/no/such file', 1, target, quiet));
    await expect(work).rejects.toMatchObject({ reason: 'refused', message: expect.stringContaining('/no/such file') });
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  it.each([
    ['/', /lab1: \/ is a folder/],
    ['/no/such/folder/file', /lab1: .*(nonexistent|such file)/i],
  ])('says why %s cannot be written', async (remote, message) => {
    const local = join(folder, 'small');
    writeFileSync(local, 'small');
    await expect(channel.upload(local, remote, quiet)).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(message),
    });
  });

  it('is refused with a key that it does not know', async () => {
    const stranger = sshChannel({ ...server.target, key: server.strangerKey });
    await expect(stranger.ping(10_000)).rejects.toMatchObject({ reason: 'refused', hint: expect.stringContaining('ssh-copy-id') });
  });

  it('is refused when its host key has changed', async () => {
    await channel.ping(10_000);
    const other = sshChannel(await server.startOther());
    await expect(other.ping(10_000)).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('the host key of lab1 is another than before'),
      hint: expect.stringContaining("-R 'passcheck-lab1'"),
    });
  });

  it('is not reached where nothing listens', async () => {
    await expect(sshChannel({ ...server.target, port: 1 }).ping(10_000)).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('Connection refused'),
    });
  });

  it('leaves no file of its own behind', async () => {
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    vi.stubEnv('TMPDIR', temporary);
    await channel.ping(10_000);
    vi.unstubAllEnvs();
    expect(readdirSync(temporary)).toEqual([]);
  });
});
