import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { UsageError } from '../usage-error.ts';
import { memoryHost, type MemoryHost } from './memory.ts';
import { openHost } from './open.ts';
import { ABSENT, mapReading, ok, type Reading } from './reading.ts';
import { recordingHost } from './recorder.ts';
import { MANIFEST } from './snapshot-manifest.ts';
import { type SnapshotOptions, writeSnapshot } from './snapshot-writer.ts';
import type { HostSource } from './source.ts';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), 'passcheck-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const OPTIONS: SnapshotOptions = { version: '0.1.0', recordedAt: '2026-11-20T09:00:00.000Z', redact: false };

const GAIA: MemoryHost = {
  files: {
    '/proc/cmdline': 'quiet intel_iommu=on\n',
    '/sys/class/net/lo/empty': '',
    '/sys/firmware/x': Uint8Array.of(0, 255, 10, 128),
    [`/etc/${'n'.repeat(255)}`]: 'long',
    '/boot/big': 'x'.repeat(2_000_000),
    '/iso': 'head CD001',
  },
  links: { '/sys/bus/pci/devices/0000:00:02.0': '../../../devices/pci0000:00/0000:00:02.0' },
  folders: ['/sys/devices/pci0000:00/0000:00:02.0', '/sys/kernel/iommu_groups'],
  unreadable: { '/sys/kernel/security/lockdown': 'denied', dmesg: 'denied' },
  stats: { '/dev/kvm': { kind: 'character-device', mode: 0o660, gid: 108, mtimeMs: 1_700_000_000_000 } },
  space: { '/': { totalBytes: 100, availableBytes: 7 } },
  writable: ['/dev/kvm'],
  environment: { HOME: '/root' },
  commands: { 'virsh list': { exitCode: 1, stdout: 'out\n', stderr: 'é \u001b[31m' }, true: '' },
};

const ODD_PATHS = [
  '/sys/bus/pci/devices/0000:00:02.0',
  '/sys/kernel/iommu_groups',
  '/sys/kernel/security/lockdown',
  '/dev/kvm',
  '/nowhere',
  '/',
  '/proc',
  '/sys/bus/pci/devices/../devices',
  '//proc',
  '/proc/cmdline/',
];

const half = (bytes: Uint8Array) => bytes.subarray(0, 3);

async function lookAtEverything(host: HostSource): Promise<unknown[]> {
  const paths = [...Object.keys(GAIA.files ?? {}), ...ODD_PATHS];
  const files = paths.flatMap((path) => [
    host.read(path),
    host.readRange(path, 2, 5),
    host.list(path),
    host.link(path),
    host.real(path),
    host.stat(path),
    host.space(path),
    host.writable(path),
  ]);
  const commands = ['virsh list', 'true', 'dmesg', 'nothing'].map((line) => host.run(line.split(' ')));
  return [...files, host.environment('HOME'), host.environment('SUDO_USER'), ...(await Promise.all(commands))].map(plain);
}

async function recorded(source: HostSource = memoryHost(GAIA)) {
  const { host, recording } = recordingHost(source);
  const answers = await lookAtEverything(host);
  return { answers, recording: recording() };
}

describe.each(['gaia', 'gaia.tar.gz', 'gaia.tgz'])('a snapshot %s', (name) => {
  it('answers every question as the host did', async () => {
    const { answers, recording } = await recorded();
    await writeSnapshot(recording, join(folder, name), OPTIONS);
    const { host, recordedAt } = await openHost(join(folder, name));
    expect([host.kind, recordedAt]).toEqual(['snapshot', OPTIONS.recordedAt]);
    expect(await lookAtEverything(host)).toEqual(answers);
  });

  it('tells what was never asked from what is absent', async () => {
    const { recording } = await recorded();
    await writeSnapshot(recording, join(folder, name), OPTIONS);
    const { host } = await openHost(join(folder, name));
    const notRecorded = { state: 'unreadable', reason: 'not-recorded' };
    expect(host.read('/etc/os-release')).toMatchObject(notRecorded);
    expect(host.environment('XDG_CONFIG_HOME')).toMatchObject(notRecorded);
    expect(await host.run(['virsh', 'version'])).toMatchObject(notRecorded);
    expect(host.stat('/sys/kernel/iommu_groups/0')).toEqual(ABSENT);
    expect(host.read('/nowhere/below')).toEqual(ABSENT);
    expect(host.read('/files/../../../../../etc/passwd')).not.toMatchObject({ state: 'ok' });
    expect(host.read('/../../passwd')).not.toMatchObject({ state: 'ok' });
  });

  it('has the same bytes when the same host is recorded again', async () => {
    const [first, second] = [join(folder, `a-${name}`), join(folder, `b-${name}`)];
    await writeSnapshot((await recorded()).recording, first, OPTIONS);
    await writeSnapshot((await recorded()).recording, second, OPTIONS);
    expect(contentsOf(first)).toEqual(contentsOf(second));
  });

  it('replaces an older snapshot', async () => {
    const path = join(folder, name);
    await writeSnapshot(recordingHost(memoryHost({})).recording(), path, OPTIONS);
    await writeSnapshot((await recorded()).recording, path, OPTIONS);
    expect((await openHost(path)).host.read('/proc/cmdline')).toMatchObject({ state: 'ok' });
    expect(fs.readdirSync(folder)).toEqual([name]);
  });

  it('keeps the configuration that was in force', async () => {
    await writeSnapshot((await recorded()).recording, join(folder, name), { ...OPTIONS, config: { gpu: ['0000:01:00.0'] } });
    expect((await openHost(join(folder, name))).config).toEqual({ gpu: ['0000:01:00.0'] });
  });

  it('makes contents smaller before it stores them', async () => {
    const reduce = { '/proc/cmdline': half, '/boot/*': half, 'virsh list': half };
    await writeSnapshot(
      (await recorded(memoryHost({ ...GAIA, files: { ...GAIA.files, '/boot/big': 'abcdef' } }))).recording,
      join(folder, name),
      {
        ...OPTIONS,
        reduce,
      },
    );
    const { host } = await openHost(join(folder, name));
    expect([host.read('/proc/cmdline'), host.read('/boot/big')]).toEqual([ok(Buffer.from('qui')), ok(Buffer.from('abc'))]);
    expect(await host.run(['virsh', 'list'])).toMatchObject({ value: { exitCode: 1, stdout: 'out' } });
  });
});

describe('writing a snapshot', () => {
  it('leaves plain copies that a person can read', async () => {
    await writeSnapshot((await recorded()).recording, join(folder, 'gaia'), OPTIONS);
    expect(fs.readFileSync(join(folder, 'gaia/files/proc/cmdline'), 'utf8')).toBe('quiet intel_iommu=on\n');
    expect(fs.readFileSync(join(folder, 'gaia/commands/003.stdout'), 'utf8')).toBe('out\n');
    expect(fs.readFileSync(join(folder, 'gaia/ranges/iso@2+5'), 'utf8')).toBe('ad CD');
  });

  it.each(['file', 'file.tgz', 'link', 'folder', 'folder.tgz'])('never touches a %s that is no snapshot', async (name) => {
    const path = join(folder, name);
    if (name.startsWith('file')) fs.writeFileSync(path, 'mine');
    else if (name === 'link') fs.symlinkSync('/etc', path);
    else fs.mkdirSync(join(path, 'mine'), { recursive: true });
    await expect(writeSnapshot((await recorded()).recording, path, OPTIONS)).rejects.toThrow(/exists and is not a snapshot/);
    expect(fs.readdirSync(folder)).toEqual([name]);
  });

  it('never removes files that somebody put into a snapshot', async () => {
    const path = join(folder, 'gaia');
    await writeSnapshot((await recorded()).recording, path, OPTIONS);
    fs.writeFileSync(join(path, 'notes.txt'), 'mine');
    await expect(writeSnapshot((await recorded()).recording, path, OPTIONS)).rejects.toThrow(UsageError);
    expect(fs.readFileSync(join(path, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('says that the folder it shall be written to does not exist', async () => {
    await expect(writeSnapshot((await recorded()).recording, join(folder, 'no/gaia'), OPTIONS)).rejects.toThrow(/there is no folder/);
  });

  it('says that a file is no folder to write to', async () => {
    await expect(writeSnapshot((await recorded()).recording, '/dev/full/x', OPTIONS)).rejects.toThrow('could not write /dev/full/x: ');
  });

  it('hides what was not redacted from other users', async () => {
    await writeSnapshot((await recorded()).recording, join(folder, 'gaia'), OPTIONS);
    expect(fs.statSync(join(folder, 'gaia')).mode & 0o077).toBe(0);
    expect(fs.statSync(join(folder, 'gaia', MANIFEST)).mode & 0o077).toBe(0);
  });

  it.skipIf(!canLimitFileSize())('leaves nothing, and the older snapshot whole, when there is no room', async () => {
    const { recording } = await recorded(memoryHost({ ...GAIA, files: { ...GAIA.files, '/boot/big': 'x'.repeat(900_000) } }));
    for (const name of ['gaia', 'gaia.tgz']) {
      const older = name === 'gaia' ? 'x.tgz' : 'y';
      await writeSnapshot((await recorded(memoryHost({}))).recording, join(folder, older), OPTIONS);
      const before = fs.readdirSync(folder);
      const failed = withFileSizeLimit(600, () => writeSnapshot(recording, join(folder, name), OPTIONS));
      await expect(failed).rejects.toThrow(/could not write .*; nothing was left behind/);
      expect(fs.readdirSync(folder)).toEqual(before);
      const replaced = withFileSizeLimit(600, () => writeSnapshot(recording, join(folder, older), OPTIONS));
      await expect(replaced).rejects.toThrow(UsageError);
      expect((await openHost(join(folder, older))).host.kind).toBe('snapshot');
    }
  });
});

describe('any host', () => {
  it('gives the same answers after it was stored', async () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-', ' ', 'é', '\n'), minLength: 1, maxLength: 3 });
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
    const hosts = fc.record({
      files: fc.dictionary(path, fc.uint8Array({ maxLength: 20 }), { maxKeys: 5 }),
      links: fc.dictionary(path, path, { maxKeys: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(hosts, fc.array(path, { maxLength: 8 }), async (given, asked) => {
        const { host, recording } = recordingHost(memoryHost(given));
        const look = (at: HostSource) =>
          [...asked, ...Object.keys(given.files)].map((one) => [
            plain(at.read(one)),
            at.list(one),
            at.link(one),
            at.real(one),
            at.stat(one),
          ]);
        const answers = look(host);
        await writeSnapshot(recording(), join(folder, 'any'), OPTIONS);
        expect(look((await openHost(join(folder, 'any'))).host)).toEqual(answers);
      }),
      { numRuns: 60 },
    );
  });
});

/** Buffers and other byte arrays are the same to a reader. */
function plain(reading: Reading<unknown>): Reading<unknown> {
  return mapReading(reading, (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value));
}

function contentsOf(path: string): Record<string, string> {
  if (fs.statSync(path).isFile()) return { file: fs.readFileSync(path, 'base64') };
  const names = fs.readdirSync(path, { recursive: true, encoding: 'utf8' }).toSorted();
  return Object.fromEntries(
    names.filter((name) => fs.statSync(join(path, name)).isFile()).map((name) => [name, fs.readFileSync(join(path, name), 'base64')]),
  );
}

function canLimitFileSize(): boolean {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A full disk without a disk: the kernel refuses larger files to this process. */
async function withFileSizeLimit<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  limitFileSize(String(bytes));
  try {
    return await work();
  } finally {
    limitFileSize('unlimited');
  }
}

function limitFileSize(value: string): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${value}:`]);
}
