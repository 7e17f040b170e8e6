import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aConfig } from '../../test/facts.ts';
import { valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { parseQemuVersion, qemu } from './qemu.ts';

const DEBIAN =
  'QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u20)\nCopyright (c) 2003-2022 Fabrice Bellard and the QEMU Project developers\n';
const PATH = '/usr/bin/qemu-system-x86_64';
const withDomain = (emulator: string, more: MemoryHost = {}): MemoryHost => ({
  ...more,
  files: {
    [PATH]: '',
    '/etc/libvirt/qemu/win11.xml': `<domain><name>win11</name><devices><emulator>${emulator}</emulator></devices></domain>`,
    ...more.files,
  },
  commands: { [`${PATH} --version`]: DEBIAN, ...more.commands },
});
const config = aConfig({ vms: ['win11'] });

describe('qemu', () => {
  it('is the emulator of the distribution with its version', async () => {
    const host = { files: { [PATH]: '' }, commands: { [`${PATH} --version`]: DEBIAN } };
    expect(await valueOf(qemu, host)).toEqual({
      system: { state: 'ok', value: { path: PATH, domains: [], version: { state: 'ok', value: [7, 2, 22] } } },
      others: [],
    });
  });

  it('is found in the place of RHEL and of NixOS', async () => {
    for (const path of ['/usr/libexec/qemu-kvm', '/run/current-system/sw/bin/qemu-system-x86_64']) {
      // oxlint-disable-next-line no-await-in-loop -- two small steps
      expect(await valueOf(qemu, { files: { [path]: '' } })).toMatchObject({ system: { value: { path } } });
    }
  });

  it('knows that a judged domain has the same one under another name', async () => {
    const host = withDomain('/usr/bin/kvm', { links: { '/usr/bin/kvm': 'qemu-system-x86_64' } });
    expect((await valueOf(qemu, host, config)).others).toEqual([]);
  });

  it('knows that the emulator of a judged domain is not there', async () => {
    expect((await valueOf(qemu, withDomain('/usr/libexec/qemu-kvm'), config)).others).toEqual([
      { path: '/usr/libexec/qemu-kvm', domains: ['win11'], version: { state: 'absent' } },
    ]);
  });

  it('never runs what only a definition vouches for', async () => {
    const path = '/home/alice/qemu/build/qemu-system-x86_64';
    const host = withDomain(path, { files: { [path]: '' }, commands: { [`${path} --version`]: 'QEMU emulator version 99.0' } });
    expect((await valueOf(qemu, host, config)).others).toMatchObject([
      { path, version: { state: 'unreadable', detail: expect.stringContaining('not run') } },
    ]);
  });

  it('has no version when the program hangs, fails or says something else', async () => {
    const key = `${PATH} --version`;
    const files = { [PATH]: '' };
    const hosts: MemoryHost[] = [
      { files, unreadable: { [key]: 'timed-out' } },
      { files, commands: { [key]: { exitCode: 1, stdout: '', stderr: 'error while loading shared libraries: libfoo.so\n' } } },
      { files, commands: { [key]: 'hello' } },
    ];
    for (const host of hosts) {
      // oxlint-disable-next-line no-await-in-loop -- three small steps
      expect(await valueOf(qemu, host)).toMatchObject({ system: { value: { version: { state: 'unreadable' } } } });
    }
  });

  it('is absent only when it was seen that there is none', async () => {
    expect((await valueOf(qemu, {})).system.state).toBe('absent');
    expect((await valueOf(qemu, { unreadable: { [PATH]: 'not-recorded' } })).system.state).toBe('unreadable');
  });
});

describe('parseQemuVersion', () => {
  it.each([
    [DEBIAN, [7, 2, 22]],
    ['QEMU emulator version 9.0.2 (pve-qemu-kvm_9.0.2-4)\n', [9, 0, 2]],
    ['QEMU emulator version 2.12 (qemu)\n', [2, 12, 0]],
    ['qemu-img version 7.2', null],
    ['', null],
  ])('%j', (text, version) => {
    expect(parseQemuVersion(text)).toEqual(version);
  });

  it('takes any text', () => {
    expect(
      fc.check(fc.property(fc.string({ unit: 'binary' }), (text) => (parseQemuVersion(text) ?? [0]).every((part) => part < 10_000))).failed,
    ).toBe(false);
  });
});
