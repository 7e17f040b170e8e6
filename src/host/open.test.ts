import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { UsageError } from '../usage-error.ts';
import { memoryHost } from './memory.ts';
import { openHost } from './open.ts';
import { recordingHost } from './recorder.ts';
import { MANIFEST } from './snapshot-manifest.ts';
import { writeSnapshot } from './snapshot-writer.ts';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), 'passcheck-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Item {
  readonly name: string;
  readonly type?: 'symlink' | 'link' | 'character-device' | 'directory';
  readonly linkname?: string;
  readonly content?: string;
}

async function tarOf(items: readonly Item[]): Promise<Buffer> {
  const stream = pack();
  for (const { content = '', ...header } of items) stream.entry(header, content);
  stream.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  fs.mkdirSync(join(path, '..'), { recursive: true });
  fs.writeFileSync(path, content);
  return path;
}

async function snapshot(name = 'gaia'): Promise<string> {
  const { host, recording } = recordingHost(
    memoryHost({ files: { '/proc/cmdline': 'quiet', '/proc/stat': 'cpu' }, commands: { id: 'root' } }),
  );
  host.read('/proc/cmdline');
  host.list('/proc');
  await host.run(['id']);
  await writeSnapshot(recording(), join(folder, name), { version: '0.1.0', recordedAt: '2026-11-20T09:00:00Z', redact: false });
  return join(folder, name);
}

async function messageOf(opening: Promise<unknown>): Promise<string> {
  const error: unknown = await opening.then(
    () => 'it was opened',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  const message = error instanceof Error ? error.message : '';
  expect(message).not.toContain('\n');
  return message;
}

function manifestOf(path: string): Record<string, unknown> {
  return JSON.parse(fs.readFileSync(join(path, MANIFEST), 'utf8')) as Record<string, unknown>;
}

describe('openHost refuses in one line', () => {
  it.each([
    ['nothing.html', '<!DOCTYPE html><html>404</html>', 'it is a web page'],
    ['empty.tgz', '', 'it is empty'],
    ['host.zip', 'PK\u0003\u0004abc', 'zip'],
    ['report.json', '{"schema":1}', 'passcheck report'],
    ['noise', 'x'.repeat(2000), 'a snapshot is a folder or a .tar.gz'],
  ])('%s', async (name, content, message) => {
    expect(await messageOf(openHost(put(name, content)))).toContain(message);
  });

  it('a path that is not there', async () => expect(await messageOf(openHost(join(folder, 'no')))).toContain('no such file or folder'));
  it.skipIf(process.getuid?.() === 0).each([
    ['may not be listed', 0o300],
    ['may not be entered', 0o600],
    ['may be neither', 0],
  ])('a folder that %s', async (_name, mode) => {
    const closed = fs.mkdtempSync(join(folder, 'closed-'));
    fs.mkdirSync(join(closed, 'proc'));
    fs.chmodSync(closed, mode);
    const message = await messageOf(openHost(closed));
    fs.chmodSync(closed, 0o700);
    expect(message).toBe(`could not open ${closed}: permission denied`);
  });
  it.skipIf(process.getuid?.() === 0)('a file that may not be read', async () => {
    const closed = put('closed.tar.gz', Buffer.from('x'));
    fs.chmodSync(closed, 0);
    expect(await messageOf(openHost(closed))).toBe(`could not open ${closed}: permission denied`);
  });
  it('a device', async () => expect(await messageOf(openHost('/dev/null'))).toContain('no file and no folder'));
  it('an empty folder', async () => expect(await messageOf(openHost(folder))).toContain('it is empty'));
  it('a folder of something else', async () => {
    put('photos/a.jpg', 'x');
    expect(await messageOf(openHost(join(folder, 'photos')))).toContain(`neither ${MANIFEST} nor a folder proc or sys`);
  });
  it('the table of contents alone', async () => {
    expect(await messageOf(openHost(join(await snapshot(), MANIFEST)))).toContain('give the folder that it is in');
  });
  it('a folder of several hosts', async () => {
    put('hosts/a/proc/stat', 'x');
    put('hosts/b/proc/stat', 'x');
    expect(await messageOf(openHost(join(folder, 'hosts')))).toContain('several hosts ("a", "b")');
  });
  it('a file larger than any snapshot', async () => {
    const path = put('huge.tgz', '');
    fs.truncateSync(path, 200 * 1024 * 1024);
    expect(await messageOf(openHost(path))).toContain('larger than 128 MiB');
  });
});

describe('a snapshot that means harm or is damaged', () => {
  it('from a newer passcheck', async () => {
    const path = await snapshot();
    fs.writeFileSync(join(path, MANIFEST), JSON.stringify({ ...manifestOf(path), schema: 2, lists: 7 }));
    expect(await messageOf(openHost(path))).toContain('newer passcheck (snapshot schema 2, this one reads 1): update passcheck');
  });

  it.each([
    [{ stats: { '/dev/kvm': ['door', 0, '660', 0, 0, 0] } }, 'stats["/dev/kvm"][0]'],
    [{ commands: [{ argv: ['id'], exitCode: 0, stdout: '../../../etc/passwd' }] }, 'commands[0].stdout'],
    [{ other: { '/x': '/etc/passwd' } }, 'other'],
    [{ ranges: [{ path: '/x', offset: 0, length: 1, file: 'other/../../x' }] }, 'ranges[0].file'],
    [{ ranges: [{ path: '/x', offset: 0, length: 1, file: 'ranges/../../x' }] }, 'ranges[0].file'],
    [{ absent: null }, 'absent'],
  ])('with %j', async (change, place) => {
    const path = await snapshot();
    fs.writeFileSync(join(path, MANIFEST), JSON.stringify({ ...manifestOf(path), ...change }));
    expect(await messageOf(openHost(path))).toContain(place);
  });

  it('cut off anywhere in its table of contents', async () => {
    const path = await snapshot();
    const text = fs.readFileSync(join(path, MANIFEST), 'utf8').trimEnd();
    for (let length = 0; length < text.length; length += 7) {
      fs.writeFileSync(join(path, MANIFEST), text.slice(0, length));
      expect(await messageOf(openHost(path))).toContain('damaged');
    }
  });

  it('cut off anywhere in its archive', async () => {
    const bytes = fs.readFileSync(await snapshot('gaia.tgz'));
    for (let length = 1; length < bytes.length; length += 13) {
      expect(await messageOf(openHost(put('cut.tgz', bytes.subarray(0, length))))).toMatch(/truncated|damaged|no recorded host/);
    }
  });

  it('with a bit turned over in its archive', async () => {
    const bytes = fs.readFileSync(await snapshot('gaia.tgz'));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0x40;
    expect(await messageOf(openHost(put('bit.tgz', bytes)))).toMatch(/damaged|truncated/);
  });

  it.each([
    ['../evil', 'outside of its folder'],
    ['files/../../evil', 'outside of its folder'],
    ['/etc/evil', 'outside of its folder'],
    ['files/proc/./stat', 'outside of its folder'],
    [`files/${'x/'.repeat(3000)}y`, 'outside of its folder'],
  ])('with an entry %.20s', async (name, message) => {
    const tar = await tarOf([
      { name: MANIFEST, content: '{}' },
      { name, content: 'x' },
    ]);
    expect(await messageOf(openHost(put('evil.tgz', gzipSync(tar))))).toContain(message);
  });

  it.each([
    { name: 'files/proc', type: 'symlink', linkname: '/etc' },
    { name: 'files/kvm', type: 'character-device' },
  ] as const)('with an entry that is no file: $type', async (item) => {
    const tar = await tarOf([{ name: MANIFEST, content: '{}' }, item]);
    expect(await messageOf(openHost(put('evil.tgz', gzipSync(tar))))).toContain('was tampered with');
  });

  it('with links in its folder: nothing outside is read', async () => {
    const path = await snapshot();
    fs.rmSync(join(path, 'files'), { recursive: true });
    put('secret/cmdline', 'secret');
    fs.symlinkSync(join(folder, 'secret'), join(path, 'files'));
    expect((await openHost(path)).host.read('/cmdline')).toMatchObject({ state: 'unreadable' });
    fs.rmSync(join(path, 'files'));
    fs.mkdirSync(join(path, 'files/proc'), { recursive: true });
    fs.symlinkSync(join(folder, 'secret/cmdline'), join(path, 'files/proc/cmdline'));
    fs.rmSync(join(path, 'commands/000.stdout'));
    fs.symlinkSync(join(folder, 'secret/cmdline'), join(path, 'commands/000.stdout'));
    const { host } = await openHost(path);
    expect(host.read('/proc/cmdline')).toMatchObject({ state: 'unreadable', reason: 'failed' });
    expect(await host.run(['id'])).toMatchObject({ state: 'unreadable', reason: 'failed' });
  });

  it('with 100 MB where one line is expected', async () => {
    const path = await snapshot();
    fs.truncateSync(join(path, 'files/proc/cmdline'), 100_000_000);
    expect((await openHost(path)).host.read('/proc/cmdline')).toMatchObject({ state: 'unreadable', reason: 'too-large' });
  });

  it('with a file that was lost: not absent', async () => {
    const path = await snapshot();
    fs.rmSync(join(path, 'files/proc/cmdline'));
    expect((await openHost(path)).host.read('/proc/cmdline')).toMatchObject({ state: 'unreadable', reason: 'not-recorded' });
  });

  it('that unpacks to gigabytes', async () => {
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024), { level: 1 });
    expect(await messageOf(openHost(put('bomb.tgz', bomb)))).toContain('unpacks to more than 256 MiB');
  });

  it('with a million entries', async () => {
    const header = (await tarOf([{ name: 'a' }])).subarray(0, 512);
    const many = Buffer.concat(Array.from({ length: 101_000 }, (_, index) => numbered(header, index)));
    expect(await messageOf(openHost(put('many.tgz', gzipSync(many, { level: 1 }))))).toContain('more than 100000 entries');
  });
});

it('opens a snapshot in the one folder of an archive that somebody packed by hand', async () => {
  const path = await snapshot();
  const text = fs.readFileSync(join(path, MANIFEST), 'utf8');
  const tar = await tarOf([
    { name: './gaia/', type: 'directory' },
    { name: `./gaia/${MANIFEST}`, content: text },
    { name: './gaia/files/proc/cmdline', content: 'quiet' },
  ]);
  expect((await openHost(put('hand.tar', tar))).host.read('/proc/cmdline')).toMatchObject({ state: 'ok' });
});

it('any bytes are a host or one line', async () => {
  const start = fc.constantFrom([0x1f, 0x8b, 8], [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59], [0x7b], []);
  await fc.assert(
    fc.asyncProperty(start, fc.uint8Array({ maxLength: 600 }), async (magic, rest) => {
      await messageOf(openHost(put('any', Buffer.from([...magic, ...rest]))));
    }),
    { numRuns: 200 },
  );
});

function numbered(header: Uint8Array, index: number): Buffer {
  const block = Buffer.from(header);
  block.write(String(index), 0, 'latin1');
  block.fill(0x20, 148, 156);
  const checksum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
