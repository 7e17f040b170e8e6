import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import { aDiskSource, aStat, someLintedDisks } from '../../../test/linted-disks.ts';
import type { ImageFormat } from '../../../src/facts/image-format.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import rule from './format.ts';

const disk = (driver: string, device = 'disk'): string =>
  `<disk type='file' device='${device}'>\n      ${driver}<source file='/vm/a'/>\n      <target dev='vda'/>\n    </disk>`;
const on = (format: ImageFormat) => ({ lintedDisks: someLintedDisks([aDiskSource('/vm/a', { format: ok(format) })]) });

describe(rule.id, () => {
  it.each([
    ["<driver type='qcow2'/>", 'qcow2'],
    ["<driver type='raw'/>", 'raw'],
    ["<driver name='qemu'/>", 'raw'],
    ['', 'raw'],
  ] as const)('passes %s on a %s image', (driver, format) => {
    expect(judgeOneDomain(rule, { devices: disk(driver) }, on(format))).toMatchObject({ status: 'pass' });
  });

  it('is a blocker when a qcow2 image is opened as raw', () => {
    expect(judgeOneDomain(rule, { devices: disk("<driver name='qemu' type='raw'/>") }, on('qcow2'))).toMatchObject({
      status: 'fail',
      message: 'disk vda is opened as raw, and /vm/a is qcow2',
      evidence: [
        { source: 'win11.xml:10', observed: "type='raw'" },
        { source: '/vm/a', observed: 'qcow2' },
      ],
    });
  });

  it.each(["<driver name='qemu' type='raw'/>", "<driver name='qemu'/>", ''])('writes the format that the image has (%s)', (driver) => {
    expect(fixed(rule, { devices: disk(driver) }, on('qcow2'))).toContain("<driver name='qemu' type='qcow2'/>");
  });

  it('is a blocker when a raw image is opened as qcow2, and leaves that to a person', () => {
    const outcome = judgeOneDomain(rule, { devices: disk("<driver type='qcow2'/>") }, on('raw'));
    expect(outcome).toMatchObject({ status: 'fail', message: 'disk vda is opened as qcow2, and /vm/a is raw' });
    expect(outcome).not.toHaveProperty('edits');
  });

  it('is about media in drives, too', () => {
    expect(judgeOneDomain(rule, { devices: disk("<driver type='qcow2'/>", 'cdrom') }, on('raw'))).toMatchObject({ status: 'fail' });
  });

  it('could not look into an image that is hidden', () => {
    const hidden = aDiskSource('/vm/a', { format: unreadable('denied', 'permission denied') });
    expect(judgeOneDomain(rule, { devices: disk('') }, { lintedDisks: someLintedDisks([hidden]) })).toMatchObject({ status: 'unknown' });
  });

  it('says nothing of what is not there, of devices, and of formats that no header shows', () => {
    for (const source of [aDiskSource('/vm/a', { stat: ABSENT }), aDiskSource('/vm/a', { stat: ok(aStat({ kind: 'block-device' })) })]) {
      expect(judgeOneDomain(rule, { devices: disk('') }, { lintedDisks: someLintedDisks([source]) })).toMatchObject({
        status: 'not-applicable',
      });
    }
    expect(judgeOneDomain(rule, { devices: disk("<driver type='vpc'/>") }, on('raw'))).toMatchObject({ status: 'not-applicable' });
  });
});
