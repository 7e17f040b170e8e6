import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aFile } from '../../../test/machine-facts.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import rule from './placeholders.ts';

const NO_HOST = { documentFiles: NO_HOST_FACT, lintedDisks: NO_HOST_FACT };
const EMULATOR = '/home/USER_ME!!!!/qemu-system-x86_64';
const disk = (file: string, device = 'disk', policy = '') =>
  `<disk type='file' device='${device}'><source file='${file}'${policy}/><target dev='sda' bus='sata'/></disk>`;

describe(rule.id, () => {
  it('passes for paths that somebody has', () => {
    const devices = `<emulator>/usr/bin/qemu-system-x86_64</emulator>${disk('/home/user/win11.qcow2')}`;
    expect(judgeOneDomain(rule, { devices }, NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it('fails for an emulator and an image that are still to be named', () => {
    const devices = `<emulator>/home/USER_ME!!!!/qemu-system-x86_64</emulator>\n    ${disk('/path/to/virtio-win.iso', 'cdrom')}`;
    expect(judgeDomain(rule, { devices }, NO_HOST)).toMatchObject([
      { status: 'fail', message: "/home/USER_ME!!!!/qemu-system-x86_64 is still to be filled in ('USER_ME!!!!')", location: { line: 9 } },
      { status: 'fail', message: expect.stringContaining('/path/to/virtio-win.iso'), location: { line: 10 } },
    ]);
  });

  it.each([
    ['firmware', { body: '<os><loader>/home/USER/OVMF_CODE.fd</loader></os>' }],
    ['its variables', { body: '<os><nvram>/home/CHANGE_ME/VARS.fd</nvram></os>' }],
    ['a folder', { devices: "<filesystem><source dir='/home/YOUR_USER/share'/><target dir='share'/></filesystem>" }],
    [
      'a ROM',
      {
        gpu: false,
        devices:
          "<hostdev mode='subsystem' type='pci'><source><address domain='0' bus='1' slot='0' function='0'/></source><rom file='/path/to/gpu.rom'/></hostdev>",
      },
    ],
  ])('fails for %s', (_what, parts) => {
    expect(judgeOneDomain(rule, parts, NO_HOST)).toMatchObject({ status: 'fail' });
  });

  it('passes for a medium that may be missing, and an empty drive', () => {
    const optional = disk('/path/to/a.iso', 'cdrom', " startupPolicy='optional'");
    expect(judgeOneDomain(rule, { devices: optional }, NO_HOST)).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { devices: "<disk type='file' device='cdrom'/>" }, NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['leaves a file that is not there to other rules', ABSENT, 'pass'],
    ['passes one that is there', ok(aFile()), 'pass'],
    ['fails where a recording does not hold it', unreadable('not-recorded', 'not in the recording'), 'fail'],
  ] as const)('%s', (_what, stat, status) => {
    const documentFiles = { ok: true as const, value: new Map([[EMULATOR, { stat, real: ABSENT }]]) };
    const outcome = judgeOneDomain(rule, { devices: `<emulator>${EMULATOR}</emulator>` }, { ...NO_HOST, documentFiles });
    expect(outcome).toMatchObject({ status });
  });
});
