import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { UsageError } from '../usage-error.ts';
import { openHost } from './open.ts';
import { ABSENT, mapReading, ok } from './reading.ts';
import type { HostSource } from './source.ts';

const NOT_RECORDED = { state: 'unreadable', reason: 'not-recorded' };

function text(host: HostSource, path: string): unknown {
  return mapReading(host.read(path), (bytes) => Buffer.from(bytes).toString());
}

describe.each(['', 'machine/'])('a captured tree in a folder, below "%s"', (top) => {
  let folder: string;
  let host: HostSource;

  beforeEach(async () => {
    folder = fs.mkdtempSync(join(tmpdir(), 'passcheck-'));
    const put = (path: string, content: string): void => {
      fs.mkdirSync(join(folder, top, path, '..'), { recursive: true });
      fs.writeFileSync(join(folder, top, path), content);
    };
    put('proc/cmdline', 'quiet');
    put('proc/self/cgroup', '0::/');
    put('etc/hostname', 'gaia');
    put('sys/devices/pci0000:00/0000:00:02.0/vendor', '0x8086\n');
    fs.mkdirSync(join(folder, top, 'sys/bus/pci/devices'), { recursive: true });
    const link = (path: string, target: string): void => fs.symlinkSync(target, join(folder, top, path));
    link('sys/bus/pci/devices/0000:00:02.0', '../../../devices/pci0000:00/0000:00:02.0');
    link('sys/devices/pci0000:00/0000:00:02.0/iommu_group', '../../../kernel/iommu_groups/1');
    link('sys/absolute', '/proc/cmdline');
    link('sys/outside', '../../../../../../../../etc/hostname');
    link('sys/passwd', '/etc/passwd');
    link('sys/loop', 'loop');
    ({ host } = await openHost(folder));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('follows links inside the tree', () => {
    expect(host.kind).toBe('tree');
    expect(text(host, '/sys/bus/pci/devices/0000:00:02.0/vendor')).toEqual(ok('0x8086\n'));
    expect(host.real('/sys/bus/pci/devices/0000:00:02.0')).toEqual(ok('/sys/devices/pci0000:00/0000:00:02.0'));
    expect(host.list('/sys/bus/pci/devices')).toEqual(ok(['0000:00:02.0']));
    expect(host.stat('/sys/bus/pci/devices/0000:00:02.0')).toMatchObject({ value: { kind: 'directory' } });
    expect(text(host, '/proc/self/cgroup')).toEqual(ok('0::/'));
  });

  it('roots absolute links at the top of the tree, and stops .. there', () => {
    expect(text(host, '/sys/absolute')).toEqual(ok('quiet'));
    expect(text(host, '/sys/outside')).toEqual(ok('gaia'));
    expect(host.read('/sys/passwd')).toMatchObject(NOT_RECORDED);
    expect(text(host, '/../../etc/hostname')).toEqual(ok('gaia'));
    expect(host.read('/sys/loop')).toMatchObject({ reason: 'failed' });
  });

  it('tells a link by its target, also when the target was not captured', () => {
    const device = '/sys/bus/pci/devices/0000:00:02.0';
    expect(host.link(`${device}/iommu_group`)).toEqual(ok('../../../kernel/iommu_groups/1'));
    expect(host.real(`${device}/iommu_group`)).toMatchObject(NOT_RECORDED);
    expect(host.link(`${device}/vendor`)).toEqual(ABSENT);
    expect(host.link(`${device}/driver`)).toMatchObject(NOT_RECORDED);
  });

  it('never says that something is absent because nobody captured it', async () => {
    expect(host.read('/sys/bus/pci/devices/0000:00:02.0/driver_override')).toMatchObject(NOT_RECORDED);
    expect(host.list('/sys/class/iommu')).toMatchObject(NOT_RECORDED);
    expect(host.stat('/sys/firmware/acpi/tables/DMAR')).toMatchObject(NOT_RECORDED);
    expect(host.readRange('/nowhere', 0, 1)).toMatchObject(NOT_RECORDED);
    expect(host.space('/')).toMatchObject(NOT_RECORDED);
    expect(host.writable('/proc/cmdline')).toMatchObject(NOT_RECORDED);
    expect(host.environment('HOME')).toMatchObject(NOT_RECORDED);
    expect(await host.run(['true'])).toMatchObject(NOT_RECORDED);
  });

  it('does not take the owner of a copy for the owner on the host', () => {
    expect(host.stat('/proc/cmdline')).toMatchObject({ state: 'ok' });
    expect(host.stat('/etc/hostname')).toMatchObject(NOT_RECORDED);
  });

  it('reads a part of a file', () => {
    expect(host.readRange('/proc/cmdline', 1, 3)).toEqual(ok(Buffer.from('uie')));
    expect(host.readRange('/proc/cmdline', 50, 3)).toEqual(ok(Buffer.from('')));
    expect(host.read('/proc/cmdline', 3)).toMatchObject({ reason: 'too-large' });
    expect(host.read('/proc')).toMatchObject({ reason: 'failed' });
  });
});

// tar -cj of a folder gaia with proc/cmdline.
const BZIP2 = Buffer.from(
  'QlpoOTFBWSZTWZskxIkAALH/hMmQAEBAAP+AAACBCG6n/gAAAIAIIACShlQNHqMgADQ00aCKkJtTJ6jaQGQBo9Sn1zvJkrHUgF8RAcMcMbiQ7jVB2OsZsEQqBlUFbo1OecIFlqKc8soq4Stcq5wYV2XEwoKzvTWIANLTgXDbtyuYDQwe/idoAWCsIh9FpkyYjpRpRiiH8XckU4UJCbJMSJA=',
  'base64',
);

describe('a tree in a .tar.bz2', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), 'passcheck-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('is opened', async () => {
    fs.writeFileSync(join(folder, 'gaia.tar.bz2'), BZIP2);
    expect(text((await openHost(join(folder, 'gaia.tar.bz2'))).host, '/proc/cmdline')).toEqual(ok('quiet\n'));
  });

  it('is refused when it is cut off or damaged', async () => {
    for (let length = 4; length < BZIP2.length; length += 5) {
      fs.writeFileSync(join(folder, 'x'), BZIP2.subarray(0, length));
      await expect(openHost(join(folder, 'x'))).rejects.toThrow(UsageError);
    }
    for (let at = 4; at < BZIP2.length; at += 7) {
      const bytes = Buffer.from(BZIP2);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      fs.writeFileSync(join(folder, 'x'), bytes);
      await expect(openHost(join(folder, 'x'))).rejects.toThrow(UsageError);
    }
  });
});

const corpus = process.env['PASSCHECK_CORPUS'];

describe.skipIf(corpus === undefined)('trees that other tools captured', () => {
  it.each(
    fs.existsSync(join(corpus ?? '', 'hwloc')) ? fs.readdirSync(join(corpus ?? '', 'hwloc')).filter((name) => name.endsWith('.bz2')) : [],
  )('hwloc %s', async (name) => {
    const { host } = await openHost(join(corpus ?? '', 'hwloc', name));
    expect(text(host, '/proc/cpuinfo')).toMatchObject({ state: 'ok' });
    const online = host.list('/sys/devices/system/cpu');
    expect(online).toMatchObject({ state: 'ok' });
    expect(mapReading(online, (names) => names.filter((one) => /^cpu\d+$/.test(one)).length > 7)).toEqual(ok(true));
    expect(host.read('/proc/cmdline')).not.toEqual(ABSENT);
  });

  it('ghw: the group of a device is known by its link', async () => {
    const { host } = await openHost(join(corpus ?? '', 'ghw/linux-amd64-415ee03b8c4d1c4f07ae2e9d8b3d3d6d.tar.gz'));
    expect(host.link('/sys/bus/pci/devices/0000:00:02.0/iommu_group')).toEqual(ok('../../../kernel/iommu_groups/0'));
    expect(text(host, '/sys/bus/pci/devices/0000:00:02.0/vendor')).toMatchObject({ state: 'ok' });
    expect(host.list('/sys/class/iommu')).toMatchObject(NOT_RECORDED);
  });
});
