import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aPciDevice } from '../../../test/facts.ts';
import rule from './virtual-functions.ts';

const judge = (totalVfs: number | null, numVfs: number | null) =>
  judgeOneDomain(rule, {}, { pciDevices: [aPciDevice({ totalVfs, numVfs })] });

describe(rule.id, () => {
  it('passes when none is switched on', () => {
    expect(judge(7, 0)).toMatchObject({ status: 'pass' });
  });

  it('fails when one is', () => {
    expect(judge(7, 1)).toMatchObject({
      status: 'fail',
      message: '0000:01:00.0 has 1 virtual functions, and vfio-pci refuses a device that is divided',
      evidence: [{}, { source: '/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs', observed: '1', expected: '0' }],
      remedy: { steps: [{ run: 'echo 0 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs' }] },
    });
  });

  it('says nothing of a device without SR-IOV', () => {
    expect(judge(null, null)).toMatchObject({ status: 'not-applicable' });
  });
});
