import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { liveHost } from './live.ts';
import { memoryHost } from './memory.ts';
import { ok } from './reading.ts';
import { RANGE_READ_LIMIT } from './source.ts';

const folder = mkdtempSync(join(tmpdir(), 'passcheck-range-'));
const path = join(folder, 'file');
writeFileSync(path, '0123456789');
afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ['live', liveHost()],
  ['memory', memoryHost({ files: { [path]: '0123456789' } })],
])('readRange of a %s host', (_, host) => {
  const text = (offset: number, length: number): string => {
    const reading = host.readRange(path, offset, length);
    return reading.state === 'ok' ? Buffer.from(reading.value).toString() : reading.state;
  };

  it('gives the bytes from the offset on', () => expect(text(3, 4)).toBe('3456'));
  it('gives fewer bytes where the file ends', () => expect(text(8, 4)).toBe('89'));
  it('gives none behind the end', () => expect(text(50, 4)).toBe(''));
  it('says absent when there is no file', () => expect(host.readRange('/nowhere/at/all', 0, 1)).toEqual({ state: 'absent' }));
  it('refuses a folder', () => expect(host.readRange(folder, 0, 1)).toMatchObject({ state: 'unreadable' }));
  it('refuses more than its limit', () =>
    expect(host.readRange(path, 0, RANGE_READ_LIMIT + 1)).toMatchObject({ state: 'unreadable', reason: 'too-large' }));
});

it('an in-memory file of gigabytes is zeros with the given bytes in it', () => {
  const host = memoryHost({ stats: { '/big': { size: 6e9 } }, ranges: { '/big': { 32_769: 'CD001', 5e9: 'end' } } });
  expect(host.readRange('/big', 32_768, 8)).toEqual(ok(Buffer.from('\0CD001\0\0')));
  expect(host.readRange('/big', 32_771, 2)).toEqual(ok(Buffer.from('00')));
  expect(host.readRange('/big', 5e9 - 1, 3)).toEqual(ok(Buffer.from('\0en')));
});
