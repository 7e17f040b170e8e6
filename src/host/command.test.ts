import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { cachedRun } from './command-cache.ts';
import { runCommand } from './command.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'passcheck-command-'))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

describe('runCommand', () => {
  it('gives exit code, output and messages; a failure is data', async () => {
    expect(await runCommand(['sh', '-c', 'echo out; echo err >&2; exit 3'], {})).toEqual({
      state: 'ok',
      value: { exitCode: 3, stdout: 'out\n', stderr: 'err\n' },
    });
  });

  it('is absent when there is no such command, and denied when it may not be run', async () => {
    expect(await runCommand(['no-such-command-here'], {})).toEqual({ state: 'absent' });
    expect(await runCommand([join(folder, 'nothing')], {})).toEqual({ state: 'absent' });
    writeFileSync(join(folder, 'tool'), '#!/bin/sh\n');
    chmodSync(join(folder, 'tool'), 0o644);
    expect(await runCommand([join(folder, 'tool')], {})).toMatchObject({ state: 'unreadable', reason: 'denied' });
  });

  it('kills a command that hangs, and does not wait for what that left behind', async () => {
    const answer = await runCommand(['sh', '-c', 'sleep 30 & sleep 30'], { timeoutMs: 200 });
    expect(answer).toMatchObject({ state: 'unreadable', reason: 'timed-out', detail: 'sh did not answer within 0.2 s' });
  });

  it('lets one that must not be cut off lead a session of its own, where Ctrl-C does not reach it', async () => {
    const script = 'echo $$ $(cut -d " " -f 6 /proc/$$/stat)';
    const session = async (outlives: boolean): Promise<readonly string[]> => {
      const reading = await runCommand(['sh', '-c', script], { outlives });
      return reading.state === 'ok' ? reading.value.stdout.trim().split(' ') : [];
    };
    const [pid, own] = await session(true);
    expect(own).toBe(pid);
    const [other, shared] = await session(false);
    expect(shared).not.toBe(other);
  });

  it('gives up on a command that prints without end', async () => {
    expect(await runCommand(['yes'], { timeoutMs: 15_000 })).toMatchObject({ state: 'unreadable', reason: 'too-large' });
    expect(await runCommand(['sh', '-c', 'yes; true'], { timeoutMs: 2000 })).toMatchObject({ state: 'unreadable' });
  });

  it('is no answer when a signal ended the command', async () => {
    expect(await runCommand(['sh', '-c', 'kill -PIPE $$'], {})).toMatchObject({ reason: 'failed', detail: 'sh was ended by SIGPIPE' });
  });

  it('survives words that no program can be given', async () => {
    expect(await runCommand(['echo', 'x'.repeat(200_000)], {})).toMatchObject({
      reason: 'failed',
      detail: expect.stringContaining('E2BIG'),
    });
    expect(await runCommand(['echo', 'a\0b'], {})).toMatchObject({ state: 'unreadable', reason: 'failed' });
  });

  it('takes words as words, never as shell text', async () => {
    expect(await runCommand(['echo', '$(id); `id` "x"'], {})).toMatchObject({ value: { stdout: '$(id); `id` "x"\n' } });
  });

  it('asks for untranslated output and gives no standard input', async () => {
    expect(await runCommand(['sh', '-c', 'echo $LC_ALL; cat'], {})).toMatchObject({ value: { stdout: 'C\n' } });
  });
});

function count(): number {
  return readFileSync(join(folder, 'runs'), 'utf8').length;
}

function argv(): string[] {
  return ['sh', '-c', `printf x >> ${folder}/runs; echo listed`];
}

describe('cachedRun', () => {
  it('answers again from the cache while the file is unchanged', async () => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    const image = join(folder, 'initrd.img');
    writeFileSync(image, 'one');
    const first = await cachedRun(argv(), { cachedBy: [image] });
    expect(await cachedRun(argv(), { cachedBy: [image] })).toEqual(first);
    expect(count()).toBe(1);
    writeFileSync(image, 'another');
    await cachedRun(argv(), { cachedBy: [image] });
    expect(count()).toBe(2);
  });

  it('keeps no failure, and survives a damaged entry', async () => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    const image = join(folder, 'initrd.img');
    writeFileSync(image, 'one');
    await cachedRun(['sh', '-c', 'exit 1'], { cachedBy: [image] });
    expect(existsSync(join(folder, 'passcheck/commands')) ? readdirSync(join(folder, 'passcheck/commands')) : []).toEqual([]);
    await cachedRun(argv(), { cachedBy: [image] });
    for (const name of readdirSync(join(folder, 'passcheck/commands'))) writeFileSync(join(folder, 'passcheck/commands', name), '{');
    expect(await cachedRun(argv(), { cachedBy: [image] })).toMatchObject({ value: { stdout: 'listed\n' } });
  });

  it('works without a cache folder', async () => {
    writeFileSync(join(folder, 'initrd.img'), 'one');
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'initrd.img'));
    expect(await cachedRun(argv(), { cachedBy: [join(folder, 'initrd.img')] })).toMatchObject({ value: { stdout: 'listed\n' } });
  });
});
