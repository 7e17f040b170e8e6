import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './cache-unsafe.ts';

const disk = (cache: string, more = ''): string =>
  `<disk type='file'><driver name='qemu' type='qcow2' cache='${cache}'/><source file='/a.qcow2'/><target dev='vda' bus='virtio'/>${more}</disk>`;
const ISO = "<disk type='file' device='cdrom'><source file='/iso/Win11_25H2_English_x64.iso'/><target dev='sdb' bus='sata'/></disk>";

describe(rule.id, () => {
  it.each(['none', 'writeback', 'default', 'writethrough'])("passes cache='%s'", (cache) => {
    expect(judgeOneDomain(rule, { devices: disk(cache) })).toMatchObject({ status: 'pass' });
  });

  it("is a blocker with cache='unsafe' and a GPU", () => {
    const outcome = judgeOneDomain(rule, { devices: disk('unsafe') });
    expect(outcome).toMatchObject({
      status: 'fail',
      message: "disk vda ignores the guest's flushes",
      evidence: [{ source: 'win11.xml:9', observed: "cache='unsafe'" }],
    });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('matters less while Windows is being installed, and without a GPU', () => {
    expect(judgeOneDomain(rule, { devices: disk('unsafe') + ISO })).toMatchObject({ status: 'fail', severity: 'major' });
    expect(judgeOneDomain(rule, { devices: disk('unsafe'), gpu: false })).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('leaves a disk alone that keeps nothing', () => {
    expect(judgeOneDomain(rule, { devices: disk('unsafe', '<transient/>') })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { devices: disk('unsafe', '<readonly/>') })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { devices: "<disk device='cdrom'><driver cache='unsafe'/></disk>" })).toMatchObject({
      status: 'not-applicable',
    });
  });
});
