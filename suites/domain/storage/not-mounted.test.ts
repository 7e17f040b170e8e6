import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aDiskSource, aStat, someLintedDisks } from '../../../test/linted-disks.ts';
import { ok, unreadable } from '../../../src/host/reading.ts';
import rule from './not-mounted.ts';

const disk = (more = '', attributes = ''): string =>
  `<disk type='block' ${attributes}><source dev='/dev/disk/by-id/ata-X'/><target dev='vda'/>${more}</disk>`;
const on = (...targets: string[]) => ({
  lintedDisks: someLintedDisks([
    aDiskSource('/dev/disk/by-id/ata-X', { stat: ok(aStat({ kind: 'block-device' })), mountedAt: ok(targets) }),
  ]),
});

describe(rule.id, () => {
  it('passes a drive that nothing is mounted from', () => {
    expect(judgeOneDomain(rule, { devices: disk() }, on())).toMatchObject({ status: 'pass' });
  });

  it('is a blocker when the host has mounted it', () => {
    expect(judgeOneDomain(rule, { devices: disk() }, on('/mnt/win dows'))).toMatchObject({
      status: 'fail',
      message: 'disk vda is /dev/disk/by-id/ata-X, which the host has mounted at /mnt/win dows',
      evidence: [{}, { source: '/proc/self/mounts, /proc/swaps', observed: '/mnt/win dows' }],
      remedy: { steps: [{ run: "umount '/mnt/win dows'" }] },
    });
  });

  it('does not tell anybody to unmount the root', () => {
    expect(judgeOneDomain(rule, { devices: disk() }, on('/', '/boot'))).toMatchObject({
      remedy: { summary: expect.stringContaining('another drive') },
    });
  });

  it('is a blocker when the host swaps to it', () => {
    expect(judgeOneDomain(rule, { devices: disk() }, on('swap'))).toMatchObject({
      message: 'disk vda is /dev/disk/by-id/ata-X, which the host uses as swap',
      remedy: { steps: [{ run: 'swapoff --all' }] },
    });
  });

  it('could not look where the devices are not shown', () => {
    const source = aDiskSource('/dev/disk/by-id/ata-X', {
      stat: ok(aStat({ kind: 'block-device' })),
      mountedAt: unreadable('not-recorded', 'not recorded'),
    });
    expect(judgeOneDomain(rule, { devices: disk() }, { lintedDisks: someLintedDisks([source]) })).toMatchObject({ status: 'unknown' });
  });

  it('says nothing of what is only read, of drives for media, and of files', () => {
    expect(judgeOneDomain(rule, { devices: disk('<readonly/>') }, on('/mnt'))).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { devices: disk('', "device='cdrom'") }, on('/mnt'))).toMatchObject({ status: 'not-applicable' });
    const file = someLintedDisks([aDiskSource('/dev/disk/by-id/ata-X')]);
    expect(judgeOneDomain(rule, { devices: disk() }, { lintedDisks: file })).toMatchObject({ status: 'not-applicable' });
  });
});
