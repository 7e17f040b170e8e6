import { describe, expect, it } from 'vitest';

import { memoryHost } from './memory.ts';
import { ABSENT, ok } from './reading.ts';
import { recordingHost } from './recorder.ts';
import type { HostSource } from './source.ts';

const SOURCE = memoryHost({
  files: { '/proc/cmdline': 'quiet', '/big': 'x'.repeat(100) },
  links: { '/sys/class/iommu/dmar0': '../../devices/virtual/iommu/dmar0' },
  unreadable: { '/etc/secret': 'denied', dmesg: 'timed-out' },
  folders: ['/sys/devices/virtual/iommu/dmar0'],
  space: { '/': { totalBytes: 10, availableBytes: 5 } },
  writable: ['/proc/cmdline'],
  environment: { HOME: '/root' },
  commands: { 'virsh list': { exitCode: 1, stdout: '', stderr: 'no' } },
});

describe('recordingHost', () => {
  it('notes every kind of question with its answer, the negative ones included', async () => {
    const { host, recording } = recordingHost(SOURCE);
    host.read('/proc/cmdline');
    host.read('/nowhere');
    host.read('/etc/secret');
    host.readRange('/big', 10, 2);
    host.list('/sys/class/iommu');
    host.link('/sys/class/iommu/dmar0');
    host.real('/sys/class/iommu/dmar0');
    host.stat('/proc/cmdline');
    host.space('/var');
    host.writable('/proc/cmdline');
    host.environment('HOME');
    host.environment('SUDO_USER');
    await host.run(['virsh', 'list']);
    await host.run(['dmesg']);
    await host.run(['nothing']);
    expect(recording()).toMatchObject({
      files: new Map<string, unknown>([
        ['/proc/cmdline', ok(Buffer.from('quiet'))],
        ['/nowhere', ABSENT],
        ['/etc/secret', { state: 'unreadable', reason: 'denied' }],
      ]),
      ranges: [{ path: '/big', offset: 10, length: 2, reading: ok(Buffer.from('xx')) }],
      lists: new Map([['/sys/class/iommu', ok(['dmar0'])]]),
      links: new Map([['/sys/class/iommu/dmar0', ok('../../devices/virtual/iommu/dmar0')]]),
      reals: new Map([['/sys/class/iommu/dmar0', ok('/sys/devices/virtual/iommu/dmar0')]]),
      stats: new Map([['/proc/cmdline', { state: 'ok', value: { kind: 'file', size: 5 } }]]),
      space: new Map([['/var', ok({ totalBytes: 10, availableBytes: 5 })]]),
      writable: new Map([['/proc/cmdline', ok(true)]]),
      environment: new Map<string, unknown>([
        ['HOME', ok('/root')],
        ['SUDO_USER', ABSENT],
      ]),
      commands: [
        { argv: ['virsh', 'list'], reading: ok({ exitCode: 1, stdout: '', stderr: 'no' }) },
        { argv: ['dmesg'], reading: { state: 'unreadable', reason: 'timed-out' } },
        { argv: ['nothing'], reading: ABSENT },
      ],
    });
  });

  it('gives the first answer for ever, although the file changes', () => {
    let count = 0;
    const changing: HostSource = { ...SOURCE, read: () => ok(Buffer.from(String((count += 1)))) };
    const { host } = recordingHost(changing);
    expect([host.read('/proc/uptime'), host.read('/proc/uptime')]).toEqual([ok(Buffer.from('1')), ok(Buffer.from('1'))]);
  });

  it('runs a command once, also when two facts ask at the same time', async () => {
    let runs = 0;
    const counting: HostSource = { ...SOURCE, run: async () => ok({ exitCode: 0, stdout: String((runs += 1)), stderr: '' }) };
    const { host, recording } = recordingHost(counting);
    await Promise.all([host.run(['id']), host.run(['id'])]);
    expect([runs, recording().commands.length]).toEqual([1, 1]);
  });

  it('keeps the whole file when a later reader takes more than the first', () => {
    const { host, recording } = recordingHost(SOURCE);
    expect(host.read('/big', 10)).toMatchObject({ reason: 'too-large' });
    expect(host.read('/big')).toMatchObject({ state: 'ok' });
    expect(host.read('/big', 10)).toMatchObject({ reason: 'too-large' });
    expect(recording().files.get('/big')).toMatchObject({ state: 'ok' });
  });
});
