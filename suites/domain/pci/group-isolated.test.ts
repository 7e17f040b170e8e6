import { describe, expect, it } from 'vitest';

import { judgeDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aGroup, aKernel, anAudioFunction, anIommu, aPciDevice } from '../../../test/facts.ts';
import { aHostdev } from '../../../test/host-device.ts';
import { ok } from '../../../src/host/reading.ts';
import rule from './group-isolated.ts';

const NVME = aPciDevice({ address: '0000:02:00.0', classCode: '010802', driver: ok('nvme') });
const PORT = aPciDevice({ address: '0000:00:01.0', classCode: '060400', driver: ok('pcieport') });
const CARD = aHostdev() + aHostdev({ source: '01:00.1' });
const judge = (members: readonly string[], devices = CARD, iommu = anIommu({ groups: [aGroup({ devices: members })] })) =>
  judgeDomain(
    rule,
    { gpu: false, devices },
    { pciDevices: [PORT, aPciDevice(), anAudioFunction(), NVME], iommu, kernel: { ok: true, value: aKernel() }, pciConfig: NO_HOST_FACT },
  );
const GPU = ['0000:01:00.0', '0000:01:00.1'];

describe(rule.id, () => {
  it('passes when the group holds what is given, and the port above', () => {
    expect(judge(GPU)).toMatchObject([
      { status: 'pass', evidence: [{ source: 'win11.xml:9' }, { source: '/sys/kernel/iommu_groups/12/devices' }] },
    ]);
    expect(judge(['0000:00:01.0', ...GPU])).toMatchObject([{ status: 'pass' }]);
  });

  it('fails when the host holds a member, at the device that is given', () => {
    expect(judge([...GPU, '0000:02:00.0'])).toMatchObject([
      { status: 'fail', message: '0000:01:00.0: IOMMU group 12 also holds 0000:02:00.0 (nvme)', location: { line: 9 } },
    ]);
  });

  it('passes when that member is given as well', () => {
    expect(judge([...GPU, '0000:02:00.0'], CARD + aHostdev({ source: '02:00.0' }))).toMatchObject([{ status: 'pass' }]);
  });

  it('says nothing without an IOMMU in force, or without a device that is there', () => {
    expect(judge(GPU, CARD, anIommu({ instances: [], groups: [] }))).toMatchObject([{ status: 'not-applicable' }]);
    expect(judge(GPU, aHostdev({ source: '09:00.0' }))).toMatchObject([{ status: 'not-applicable' }]);
  });
});
