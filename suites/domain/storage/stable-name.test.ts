import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './stable-name.ts';

const disk = (path: string, more = ''): string =>
  `<disk type='block' device='disk'><source dev='${path}'/><target dev='vda'/>${more}</disk>`;

describe(rule.id, () => {
  it.each([
    '/dev/disk/by-id/ata-SanDisk_SDSSDH3512G',
    '/dev/disk/by-path/pci-0000:02:00.0-nvme-1',
    '/dev/mapper/vg-win',
    '/dev/vg/win',
    '/dev/zvol/tank/win',
    '/dev/sdata/win',
  ])('passes %s', (path) => {
    expect(judgeOneDomain(rule, { devices: disk(path) })).toMatchObject({ status: 'pass' });
  });

  it.each(['/dev/sdc', '/dev/sdaa', '/dev/sda3', '/dev/nvme0n1', '/dev/nvme1n1p2', '/dev/dm-3', '/dev/mmcblk0', '/dev/vdb', '/dev/zd16'])(
    'fails on %s',
    (path) => {
      expect(judgeOneDomain(rule, { devices: disk(path) })).toMatchObject({
        status: 'fail',
        message: `disk vda is ${path}, a name that can mean another drive after the next boot`,
        evidence: [{ source: 'win11.xml:9', observed: `<source dev='${path}'/>` }],
        remedy: { steps: [{ run: `find -L /dev/disk/by-id -samefile ${path}` }] },
      });
    },
  );

  it('matters less when the guest only reads', () => {
    expect(judgeOneDomain(rule, { devices: disk('/dev/sdc', '<readonly/>') })).toMatchObject({ severity: 'minor' });
  });

  it('says nothing of files, and of the host’s optical drive', () => {
    const devices =
      "<disk type='file'><source file='/dev-images/sda'/></disk><disk type='block' device='cdrom'><source dev='/dev/sr0'/></disk>";
    expect(judgeOneDomain(rule, { devices })).toMatchObject({ status: 'not-applicable' });
  });
});
