import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { liveHost } from './live.ts';

const host = liveHost();
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'passcheck-live-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('liveHost', () => {
  it('reads files of /proc, which say size 0', () => {
    const reading = host.read('/proc/self/status');
    expect(reading.state === 'ok' && Buffer.from(reading.value).toString()).toContain('Uid:');
  });

  it('refuses a file of 100 MB where a line is expected, without reading it', () => {
    writeFileSync(join(folder, 'huge'), '');
    truncateSync(join(folder, 'huge'), 100_000_000);
    expect(host.read(join(folder, 'huge'), 4096)).toMatchObject({ state: 'unreadable', reason: 'too-large' });
  });

  it('gives a file of exactly the limit, and none larger', () => {
    writeFileSync(join(folder, 'file'), 'x'.repeat(4097));
    expect(host.read(join(folder, 'file'), 4097)).toMatchObject({ state: 'ok' });
    expect(host.read(join(folder, 'file'), 4096)).toMatchObject({ reason: 'too-large' });
  });

  it('tells what is not there from what it is not', () => {
    expect(host.read(join(folder, 'none'))).toEqual({ state: 'absent' });
    expect(host.list(join(folder, 'none'))).toEqual({ state: 'absent' });
    expect(host.link(folder)).toEqual({ state: 'absent' });
    expect(host.read(folder)).toMatchObject({ state: 'unreadable', reason: 'failed' });
  });

  it('does not wait at a FIFO, and reads no device', () => {
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    expect(host.read(join(folder, 'fifo'))).toMatchObject({ state: 'unreadable', detail: 'not a regular file' });
    expect(host.read('/dev/zero')).toMatchObject({ state: 'unreadable', detail: 'not a regular file' });
  });

  it('lists in a fixed order, and follows links where asked', () => {
    for (const name of ['b', 'a', 'B']) mkdirSync(join(folder, name));
    expect(host.list(folder)).toEqual({ state: 'ok', value: ['B', 'a', 'b'] });
    symlinkSync('a', join(folder, 'link'));
    expect(host.link(join(folder, 'link'))).toEqual({ state: 'ok', value: 'a' });
    expect(host.real(join(folder, 'link'))).toEqual({ state: 'ok', value: join(folder, 'a') });
    expect(host.stat(join(folder, 'link'))).toMatchObject({ value: { kind: 'directory' } });
  });

  it('says that a loop of links is no absence', () => {
    symlinkSync('loop', join(folder, 'loop'));
    expect(host.read(join(folder, 'loop'))).toMatchObject({ state: 'unreadable', detail: 'ELOOP' });
  });

  it('tells devices, modes and space', () => {
    expect(host.stat('/dev/null')).toMatchObject({ value: { kind: 'character-device', mode: 0o666 } });
    expect(host.writable('/dev/null')).toEqual({ state: 'ok', value: true });
    expect(host.space('/')).toMatchObject({ state: 'ok' });
  });
});
