import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './iso-as-disk.ts';

const disk = (device: string, file: string, more = ''): string =>
  `<disk type='file'${device}>\n<source file='${file}'/><target dev='sda' bus='sata'/>${more}</disk>`;

describe(rule.id, () => {
  it.each([
    disk(" device='cdrom'", '/iso/win11.iso'),
    disk(" device='cdrom'", '/iso/WIN11.ISO'),
    disk(" device='disk'", '/iso/live.iso', '<readonly/>'),
  ])('passes for %s', (devices) => expect(judgeOneDomain(rule, { devices })).toMatchObject({ status: 'pass' }));

  it.each([disk(" device='disk'", '/iso/effects.iso'), disk('', '/iso/EFFECTS.Iso'), disk(" device='lun'", '/iso/effects.iso')])(
    'fails for %s',
    (devices) => {
      expect(judgeOneDomain(rule, { devices })).toMatchObject({
        status: 'fail',
        message: 'the ISO image in sda is shown to the guest as a hard disk that it may write',
        location: { line: 9 },
      });
    },
  );

  it.each([disk(" device='disk'", '/images/win11.qcow2'), disk(" device='disk'", '/images/iso'), ''])('says nothing of "%s"', (devices) =>
    expect(judgeOneDomain(rule, { devices })).toMatchObject({ status: 'not-applicable' }),
  );
});
