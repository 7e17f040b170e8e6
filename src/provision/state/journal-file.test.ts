import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { journalPath, openJournal, readJournal } from './journal-file.ts';
import type { JournalEntry } from './model.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'passcheck-journal-'));
  path = journalPath(folder);
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

function entry(name: string, state: JournalEntry['state'] = 'done'): JournalEntry {
  return {
    at: '2026-11-20T19:00:00.000Z',
    run: 'one',
    owner: 'lab',
    command: 'apply',
    object: { kind: 'volume', name },
    step: 'create-volume',
    state,
    subject: `/pool/${name}`,
    pool: 'homelab',
    message: null,
  };
}

function line(name: string, state?: JournalEntry['state']): string {
  return `${JSON.stringify(entry(name, state))}\n`;
}

function written(...entries: readonly JournalEntry[]): void {
  const journal = openJournal(folder);
  for (const one of entries) journal.append(one, true);
  journal.close();
}

const volumes = (): string[] => [...readJournal(path).owned.volumes.keys()];

describe('the journal', () => {
  it('is empty when there is none, and reading makes none', () => {
    expect(readJournal(path)).toEqual({ owned: { pools: new Map(), volumes: new Map() }, skipped: 0, entries: [] });
    expect(fs.existsSync(path)).toBe(false);
  });

  it('says what was written, to this user alone', () => {
    written(entry('a'), entry('b', 'begun'));
    expect(Object.fromEntries(readJournal(path).owned.volumes)).toMatchObject({
      '/pool/a': { state: 'made' },
      '/pool/b': { state: 'begun' },
    });
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
  });

  it('knows what it has just written', () => {
    const journal = openJournal(folder);
    journal.append(entry('a'), false);
    expect([...journal.owned.volumes.keys()]).toEqual(['/pool/a']);
    journal.close();
  });

  it('with a torn end: it is cut off, and the next line is whole', () => {
    fs.writeFileSync(path, line('a') + line('b').slice(0, 40));
    expect(readJournal(path)).toMatchObject({ skipped: 0 });
    expect(volumes()).toEqual(['/pool/a']);
    written(entry('c'));
    expect(volumes()).toEqual(['/pool/a', '/pool/c']);
    expect(readJournal(path).skipped).toBe(0);
  });

  it('whose last line only lacks its end: it counts, and the next one does not run into it', () => {
    fs.writeFileSync(path, line('a').trimEnd());
    expect(volumes()).toEqual(['/pool/a']);
    written(entry('b'));
    expect(volumes()).toEqual(['/pool/a', '/pool/b']);
  });

  it('with garbage in it: each line of it is counted, and no other is lost', () => {
    fs.writeFileSync(path, `${line('a')}\0\0\0\n[]\n\n${line('b')}{"at":\n`);
    expect(readJournal(path).skipped).toBe(3);
    expect(volumes()).toEqual(['/pool/a', '/pool/b']);
  });

  it('becomes short when it got long, and says the same', () => {
    const gone = { ...entry('gone'), step: 'delete-volume' };
    const many = Array.from({ length: 4000 }, () => line('a') + line('gone')).join('');
    fs.writeFileSync(path, `${many}${JSON.stringify(gone)}\n${line('half', 'begun')}`);
    const before = readJournal(path).owned;
    written(entry('last'));
    expect(fs.statSync(path).size).toBeLessThan(2000);
    expect(readJournal(path).owned.volumes).toEqual(new Map([...before.volumes, ['/pool/last', before.volumes.get('/pool/a')]]));
    expect(fs.readdirSync(folder)).toEqual(['journal.ndjson']);
  });

  it('a FIFO, a link or a folder in its place is refused, and not waited for', () => {
    fs.symlinkSync('/dev/zero', path);
    expect(() => readJournal(path)).toThrow(/could not read .*journal\.ndjson/);
    fs.rmSync(path);
    fs.mkdirSync(path);
    expect(() => readJournal(path)).toThrow(/journal\.ndjson is no file/);
  });

  it('larger than any: it is not read into memory', () => {
    fs.writeFileSync(path, '');
    fs.truncateSync(path, 10 * 1024 ** 3);
    expect(() => readJournal(path)).toThrow(/has 10737418240 bytes, more than a journal gets/);
  });
});
