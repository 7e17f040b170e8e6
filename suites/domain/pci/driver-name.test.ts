import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import { aHostdev } from '../../../test/host-device.ts';
import rule from './driver-name.ts';

const parts = (inside: string) => ({ gpu: false, devices: aHostdev({ inside }) });

describe(rule.id, () => {
  it('passes for vfio', () => {
    expect(judgeOneDomain(rule, parts("<driver name='vfio'/>"))).toMatchObject({ status: 'pass' });
  });

  it.each(['kvm', 'xen', ''])('fails for "%s", and removes it', (name) => {
    expect(judgeOneDomain(rule, parts(`<driver name='${name}'/>`))).toMatchObject({
      status: 'fail',
      message: `0000:01:00.0 is to be assigned by "${name}", which QEMU does not have`,
    });
    expect(fixed(rule, parts(`<driver name='${name}'/>`))).not.toContain('<driver');
  });

  it('keeps what else the driver element says', () => {
    expect(fixed(rule, parts("<driver name='kvm' iommufd='yes'/>"))).toContain("<driver iommufd='yes'/>");
  });

  it('says nothing where no driver is named', () => {
    expect(judgeOneDomain(rule, parts("<driver model='mlx5_vfio_pci'/>"))).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, parts(''))).toMatchObject({ status: 'not-applicable' });
  });
});
