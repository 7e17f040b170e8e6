import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { noRealAgent, type RealAgent, startRealAgent } from '../../test/real-agent.ts';
import { agentChannel } from './agent.ts';
import { GUEST_OUTPUT_LIMIT, type GuestChannel } from './channel.ts';

const TIMEOUT = { timeoutMs: 60_000 };
const quiet = (): void => {};

function channelOf({ connection }: RealAgent): GuestChannel {
  return agentChannel({ connection, uuid: '00000000-0000-0000-0000-000000000000', name: 'lab1' });
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function spools(): readonly string[] {
  return readdirSync('/tmp').filter((name) => name.startsWith('.passcheck-'));
}

describe.skipIf(noRealAgent !== null)('the real QEMU guest agent', () => {
  let agent: RealAgent;
  let channel: GuestChannel;
  let folder: string;
  const before = spools();

  beforeAll(async () => {
    agent = await startRealAgent();
    channel = channelOf(agent);
    folder = mkdtempSync(join(tmpdir(), 'guest-'));
  });
  afterAll(async () => {
    await agent.stop();
    rmSync(folder, { recursive: true });
  });

  it('answers, and says what system it is in', async () => {
    await channel.ping(5000);
    expect(await channel.system(5000)).toMatchObject({ kind: 'linux' });
    const addresses = await channel.addresses(5000);
    expect(addresses).toContainEqual({ interface: 'lo', mac: '00:00:00:00:00:00', addresses: expect.arrayContaining(['127.0.0.1/8']) });
  });

  it('runs a program: arguments, input, both streams and the exit code come through as they are', async () => {
    const nasty = ['a b', "it's", '"', '$HOME', '*', '', '\\', 'ä€😀', 'new\nline', '-n'];
    const result = await channel.exec(['sh', '-c', 'cat; printf "%s|" "$@"; printf err >&2; exit 7', 'sh', ...nasty], {
      ...TIMEOUT,
      input: new Uint8Array([0, 255, 10]),
    });
    expect(result).toMatchObject({ exitCode: 7, signal: null, isTruncated: false });
    expect([...result.stdout.subarray(0, 3)]).toEqual([0, 255, 10]);
    expect(text(result.stdout.subarray(3))).toBe(nasty.map((word) => `${word}|`).join(''));
    expect(text(result.stderr)).toBe('err');
    expect(spools()).toEqual(before);
  });

  it('says what a shell says when there is no such program', async () => {
    const result = await channel.exec(['/no/such/program'], TIMEOUT);
    expect(result.exitCode).toBe(127);
    expect(text(result.stderr)).toContain('/no/such/program');
  });

  it('reports a program that a signal ended as a shell does', async () => {
    expect(await channel.exec(['sh', '-c', 'kill -9 $$'], TIMEOUT)).toMatchObject({ exitCode: 137 });
  });

  it('carries more output than libvirt carries in one answer', async () => {
    const bytes = 5 * 1024 * 1024 + 3;
    const result = await channel.exec(['sh', '-c', `head -c ${bytes} /dev/zero; head -c 1000 /dev/zero | tr '\\0' x >&2`], TIMEOUT);
    expect(result.stdout.length).toBe(bytes);
    expect(result).toMatchObject({ exitCode: 0, isTruncated: false });
    expect(text(result.stderr)).toBe('x'.repeat(1000));
    expect(spools()).toEqual(before);
  });

  it('keeps 16 MiB of a stream, and says that there was more', async () => {
    const result = await channel.exec(['head', '-c', String(GUEST_OUTPUT_LIMIT + 1), '/dev/zero'], TIMEOUT);
    expect(result.stdout.length).toBe(GUEST_OUTPUT_LIMIT);
    expect(result.isTruncated).toBe(true);
    expect(spools()).toEqual(before);
  });

  it('hands output on while the program runs', async () => {
    const seen: string[] = [];
    const script = 'echo begun; for i in 1 2 3 4 5 6 7 8; do sleep 0.5; [ ! -e "$1" ] || break; done; echo ended >&2';
    const flag = join(folder, 'flag');
    const result = await channel.exec(['sh', '-c', script, 'sh', flag], {
      ...TIMEOUT,
      onOutput: (stream, bytes) => {
        seen.push(`${stream} ${text(bytes)}`);
        // The program ends when what it printed first has come.
        writeFileSync(flag, '');
      },
    });
    expect(seen).toEqual(['stdout begun\n', 'stderr ended\n']);
    expect(text(result.stdout)).toBe('begun\n');
  });

  it('gives a program up after its time, with what it printed and its pid', async () => {
    const seen: string[] = [];
    const work = channel.exec(['sh', '-c', 'echo begun; sleep 3'], {
      timeoutMs: 300,
      onOutput: (_stream, bytes) => seen.push(text(bytes)),
    });
    await expect(work).rejects.toMatchObject({ reason: 'timed-out', message: expect.stringMatching(/0\.3 s, .*lab1 \(pid \d+\)/) });
    expect(seen).toEqual(['begun\n']);
  });

  it('refuses arguments that virsh could not pass on', async () => {
    await expect(channel.exec(['echo', 'x'.repeat(130_000)], TIMEOUT)).rejects.toMatchObject({ reason: 'refused' });
  });

  it('copies a file there and back, in pieces', async () => {
    const bytes = Buffer.from(Array.from({ length: 1_100_000 }, (_, index) => (index * 7919) % 251));
    const [local, remote, back] = [join(folder, 'local'), join(folder, 'remote "$x'), join(folder, 'back')];
    writeFileSync(local, bytes, { mode: 0o751 });
    const progress: number[] = [];
    await channel.upload(local, remote, (done, of) => progress.push(done / of));
    expect(Buffer.compare(readFileSync(remote), bytes)).toBe(0);
    expect(statSync(remote).mode & 0o777).toBe(0o751);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    await channel.download(remote, back, quiet);
    expect(Buffer.compare(readFileSync(back), bytes)).toBe(0);
    expect(agent.asked.filter((name) => name === 'guest-file-open').length).toBe(
      agent.asked.filter((name) => name === 'guest-file-close').length,
    );
    expect(readdirSync(folder).filter((name) => name.endsWith('.draft'))).toEqual([]);
  });

  it('keeps mode and link of a file that it replaces', async () => {
    const [local, remote, link] = [join(folder, 'new'), join(folder, 'old'), join(folder, 'link')];
    writeFileSync(local, 'new');
    writeFileSync(remote, 'old', { mode: 0o640 });
    symlinkSync('old', link);
    await channel.upload(local, link, quiet);
    expect(readFileSync(remote, 'utf8')).toBe('new');
    expect(statSync(remote).mode & 0o777).toBe(0o640);
  });

  it('copies an empty file, and one of /proc that says it is empty', async () => {
    const [empty, copy, back] = [join(folder, 'empty'), join(folder, 'empty-there'), join(folder, 'status')];
    writeFileSync(empty, '');
    await channel.upload(empty, copy, quiet);
    expect(readFileSync(copy, 'utf8')).toBe('');
    await channel.download('/proc/self/status', back, quiet);
    expect(readFileSync(back, 'utf8')).toMatch(/^Name:/);
  });

  it.each([
    ['/', /lab1: \/ is a folder: end it with \//],
    ['/no/such/folder/file', /lab1: .*(nonexistent|such file)/i],
  ])('says why %s cannot be written', async (remote, message) => {
    const local = join(folder, 'small');
    writeFileSync(local, 'small');
    await expect(channel.upload(local, remote, quiet)).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['/no/such/file', 'there is no such file'],
    ['/dev/zero', 'it is no file'],
    ['/tmp', 'it is no file'],
  ])('says why %s cannot be read, and leaves nothing behind', async (remote, message) => {
    const local = join(folder, 'unread');
    await expect(channel.download(remote, local, quiet)).rejects.toMatchObject({ message: `${remote} of lab1: ${message}` });
    expect(readdirSync(folder)).not.toContain('unread');
  });
});

describe.skipIf(noRealAgent !== null)('a real agent that does not take everything', () => {
  it('says which command is blocked, and where to allow it', async () => {
    const agent = await startRealAgent(['guest-exec']);
    await expect(channelOf(agent).exec(['true'], TIMEOUT)).rejects.toMatchObject({
      reason: 'refused',
      message: 'the guest agent of lab1 does not allow guest-exec',
      hint: expect.stringContaining('/etc/sysconfig/qemu-ga'),
    });
    await agent.stop();
  });

  it('copies files without running programs', async () => {
    const agent = await startRealAgent(['guest-exec']);
    const folder = mkdtempSync(join(tmpdir(), 'guest-'));
    const bytes = Buffer.alloc(100_000, 'passcheck');
    writeFileSync(join(folder, 'local'), bytes);
    await channelOf(agent).upload(join(folder, 'local'), join(folder, 'remote'), quiet);
    await channelOf(agent).download(join(folder, 'remote'), join(folder, 'back'), quiet);
    expect(Buffer.compare(readFileSync(join(folder, 'back')), bytes)).toBe(0);
    await agent.stop();
    rmSync(folder, { recursive: true });
  });

  it('copies nothing without file commands', async () => {
    const agent = await startRealAgent(['guest-file-open']);
    await expect(channelOf(agent).download('/etc/hostname', '/nowhere', quiet)).rejects.toMatchObject({
      message: 'the guest agent of lab1 does not allow guest-file-open',
    });
    await agent.stop();
  });
});
