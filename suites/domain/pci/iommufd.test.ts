import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aHostdev } from '../../../test/host-device.ts';
import type { Libvirt } from '../../../src/facts/libvirt.ts';
import { ABSENT, ok } from '../../../src/host/reading.ts';
import rule from './iommufd.ts';

const kernelConfig = (text: string) => ({ ok: true, value: { source: '/boot/config', text } }) as const;
const BUILT = kernelConfig('CONFIG_IOMMUFD=m\nCONFIG_VFIO_DEVICE_CDEV=y\n');

function judge(
  version: Libvirt['version'],
  config: typeof BUILT | typeof NO_HOST_FACT = BUILT,
  parts = { inside: "<driver name='vfio' iommufd='yes'/>", body: '' },
) {
  const libvirt: Libvirt = {
    uri: 'qemu:///system',
    mode: 'modular',
    daemon: ABSENT,
    socket: ABSENT,
    isListening: ok(true),
    answer: { source: 'virsh', state: 'read' },
    version,
  };
  const devices = aHostdev({ inside: parts.inside });
  return judgeOneDomain(rule, { gpu: false, body: parts.body, devices }, { libvirt, kernelConfig: config });
}

describe(rule.id, () => {
  it('passes where both have it, 12.1 being the first', () => {
    expect(judge([12, 1])).toMatchObject({ status: 'pass', evidence: [{ observed: "iommufd='yes'" }] });
  });

  it('fails with an older libvirt', () => {
    expect(judge([12, 0])).toMatchObject({ status: 'fail', message: 'IOMMUFD is asked for, and libvirt 12.0 does not have it' });
  });

  it('fails on a kernel without it', () => {
    expect(judge([12, 2], kernelConfig('CONFIG_IOMMUFD=m\n'))).toMatchObject({
      status: 'fail',
      severity: 'blocker',
      evidence: [{}, { source: '/boot/config', observed: 'CONFIG_VFIO_DEVICE_CDEV is not set' }],
    });
  });

  it('could not look where a version or the configuration is hidden', () => {
    expect(judge(null)).toMatchObject({ status: 'unknown' });
    expect(judge([12, 2], NO_HOST_FACT)).toMatchObject({ status: 'unknown', severity: 'minor' });
  });

  it('reads the switch of the whole domain, and says nothing where nobody asks', () => {
    expect(judge([11, 0], BUILT, { inside: '', body: "<iommufd enabled='yes'/>" })).toMatchObject({ status: 'fail' });
    expect(judge([11, 0], BUILT, { inside: "<driver iommufd='no'/>", body: '' })).toMatchObject({ status: 'not-applicable' });
  });
});
