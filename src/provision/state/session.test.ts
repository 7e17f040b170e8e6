import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { stateFolder } from './folder.ts';
import type { JournalEntry } from './model.ts';
import { readOwned } from './read-owned.ts';
import { openState, type SessionRequest } from './session.ts';

const URI = 'qemu:///system';
const UID = process.geteuid?.() ?? 0;
const UUID = '6f1f6b6e-8d5c-5b1a-9a53-0c9f6a1a9d01';

let base: string;
let request: SessionRequest & { readonly caller: NonNullable<SessionRequest['caller']> };

beforeEach(() => {
  base = fs.mkdtempSync(join(tmpdir(), 'passcheck-state-'));
  const caller = { uid: UID, environment: { XDG_STATE_HOME: base } };
  request = { command: 'apply', caller, lock: `\0passcheck-test-${base}` };
});

afterEach(() => fs.rmSync(base, { recursive: true }));

const ENTRY: Omit<JournalEntry, 'at' | 'run'> = {
  owner: 'lab',
  command: 'apply',
  object: { kind: 'volume', name: 'dc01' },
  step: 'create-volume',
  state: 'done',
  subject: '/pool/dc01.qcow2',
  pool: 'homelab',
  message: null,
};

describe('where the state is', () => {
  it.each([
    [0, {}, '/var/lib/passcheck/system'],
    [0, { HOME: '/root' }, '/var/lib/passcheck/system'],
    [1000, { HOME: '/home/me' }, '/home/me/.local/state/passcheck/system'],
    [1000, { HOME: '/home/me', XDG_STATE_HOME: '/state' }, '/state/passcheck/system'],
    [1000, { HOME: '/home/me', XDG_STATE_HOME: 'state' }, '/home/me/.local/state/passcheck/system'],
  ])('of user %d with %o: %s', (uid, environment, folder) => {
    expect(stateFolder(URI, { uid, environment })).toBe(folder);
  });

  it('nowhere without a home', () => {
    expect(() => stateFolder(URI, { uid: 1000, environment: {} })).toThrow(/HOME is not set/);
  });
});

describe('a session', () => {
  it('keeps what it records, in a folder for this user alone', async () => {
    const session = await openState(URI, request);
    session.record(ENTRY);
    expect(session.owned.volumes.get('/pool/dc01.qcow2')?.owner).toBe('lab');
    await session.close();
    expect(fs.statSync(session.folder).mode & 0o777).toBe(0o700);
    expect(readOwned(URI, request.caller).volumes.get('/pool/dc01.qcow2')?.state).toBe('made');
  });

  it('reading what is owned makes nothing', () => {
    expect(readOwned(URI, request.caller)).toMatchObject({ pools: new Map(), volumes: new Map(), skipped: 0 });
    expect(fs.readdirSync(base)).toEqual([]);
  });

  it('keeps definitions, two of the same moment, too', async () => {
    const session = await openState(URI, request);
    const object = { kind: 'domain', name: 'a/../b' } as const;
    const paths = ['<one/>', '<two/>'].map((xml) => session.backup(object, UUID, xml));
    expect(new Set(paths).size).toBe(2);
    expect(paths.every((path) => path.startsWith(join(session.folder, 'backup', `domain-a_.._b-${UUID}-`)))).toBe(true);
    expect(paths.map((path) => fs.statSync(path).mode & 0o777)).toEqual([0o600, 0o600]);
    expect(session.backups('domain', UUID).toSorted()).toEqual(['<one/>\n', '<two/>\n']);
    expect(session.backups('network', UUID)).toEqual([]);
    await session.close();
  });

  it('its drafts are gone when it ends, and those of one that was killed when the next begins', async () => {
    const told: string[] = [];
    const drafts = { add: (path: string) => told.push(`+${path}`), keep: (path: string) => told.push(`-${path}`) };
    const session = await openState(URI, { ...request, drafts });
    const path = session.draft('<domain/>');
    expect(fs.readFileSync(path, 'utf8')).toBe('<domain/>');
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    await session.close();
    expect(told).toEqual([`+${path}`, `-${path}`]);
    fs.writeFileSync(path, 'left behind');
    await (await openState(URI, request)).close();
    expect(fs.readdirSync(session.folder)).toEqual(['journal.ndjson']);
  });
});

describe('two at once', () => {
  it('the second is told who has the connection, and gets it afterwards', async () => {
    const first = await openState(URI, request);
    await expect(openState(URI, { ...request, command: 'destroy' })).rejects.toThrow(
      new RegExp(`qemu:///system is being changed by another passcheck \\(pid ${process.pid}, apply, since 20`),
    );
    await first.close();
    await (await openState(URI, request)).close();
  });

  it('a lock goes with its process, however that ends', async () => {
    const script = `require('node:net').createServer().listen(${JSON.stringify(request.lock)}, () => process.kill(process.pid, 'SIGKILL'))`;
    expect(spawnSync(process.execPath, ['-e', script]).signal).toBe('SIGKILL');
    await (await openState(URI, request)).close();
  });

  it.each([
    ['says nothing', ''],
    ['is not passcheck', '1 \u001b[2Japply 2026-11-20T19:00:00.000Z\n'],
    ['never ends', 'x'.repeat(100_000)],
  ])('a holder that %s is not believed', async (_, answer) => {
    const server = createServer((socket) => socket.on('error', () => {}).end(answer));
    await new Promise<void>((resolve) => server.listen({ path: request.lock ?? '' }, resolve));
    await expect(openState(URI, request)).rejects.toThrow('another passcheck (it does not say which)');
    server.close();
  });
});

describe('a folder that is not safe', () => {
  it('others may write into it', async () => {
    fs.mkdirSync(join(base, 'passcheck'), { mode: 0o700 });
    fs.chmodSync(join(base, 'passcheck'), 0o770);
    await expect(openState(URI, request)).rejects.toThrow(/others may write into .*passcheck: .*chmod go-w/);
    expect(() => readOwned(URI, request.caller)).toThrow(/others may write/);
  });

  it('it belongs to somebody else', async () => {
    const other = { ...request, caller: { ...request.caller, uid: UID + 1 } };
    fs.mkdirSync(join(base, 'passcheck'), { mode: 0o700 });
    await expect(openState(URI, other)).rejects.toThrow(`belongs to user ${UID}, and this is user ${UID + 1}`);
  });

  it('a file is in its place, and the lock is free again', async () => {
    fs.mkdirSync(join(base, 'passcheck'), { mode: 0o700 });
    fs.writeFileSync(join(base, 'passcheck/system'), '');
    await expect(openState(URI, request)).rejects.toThrow(/passcheck\/system/);
    await expect(openState(URI, request)).rejects.toThrow(/passcheck\/system/);
  });
});

describe('a place where no folder can be made', () => {
  it('is said, and ends: /proc/1 is where Node itself tries for ever', async () => {
    const caller = { uid: UID, environment: { XDG_STATE_HOME: '/proc/1' } };
    await expect(openState(URI, { ...request, caller })).rejects.toThrow('could not make /proc/1/passcheck/system');
  });
});

describe('a journal that is a link', () => {
  it('is not followed', async () => {
    const session = await openState(URI, request);
    await session.close();
    fs.rmSync(join(session.folder, 'journal.ndjson'));
    fs.symlinkSync('/dev/full', join(session.folder, 'journal.ndjson'));
    await expect(openState(URI, request)).rejects.toThrow(/could not read .*journal\.ndjson/);
  });
});
