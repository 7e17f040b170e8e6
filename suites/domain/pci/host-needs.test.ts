import { describe, expect, it } from 'vitest';

import { judgeDomain } from '../../../test/domain-rule.ts';
import { aPciDevice } from '../../../test/facts.ts';
import { aHostdev } from '../../../test/host-device.ts';
import type { NeededDevices } from '../../../src/facts/needed-devices.ts';
import rule from './host-needs.ts';

const NVME = '0000:03:00.0';
const NEED = { address: NVME, kind: 'disk', source: '/proc/self/mounts, /proc/swaps', observed: '/dev/nvme0n1p2 is mounted on /' } as const;
const judge = (given: Partial<NeededDevices>, source = '03:00.0') =>
  judgeDomain(
    rule,
    { gpu: false, devices: aHostdev({ source }) },
    {
      pciDevices: [
        aPciDevice(),
        aPciDevice({ address: NVME, classCode: '010802' }),
        aPciDevice({ address: '0000:04:00.0', classCode: '020000' }),
      ],
      lintedDeviceNeeds: { ok: true, value: { others: [NVME], needs: [], unseen: [], ...given } },
    },
  );

describe(rule.id, () => {
  it('passes when nothing of the host lies on it', () => {
    expect(judge({})).toMatchObject([{ status: 'pass' }]);
  });

  it('fails when a file system is mounted from it', () => {
    expect(judge({ needs: [NEED] })).toMatchObject([
      {
        status: 'fail',
        severity: 'blocker',
        message: `the host uses file systems on ${NVME}`,
        location: { line: 9 },
        evidence: [{}, { observed: NEED.observed }],
      },
    ]);
  });

  it('is milder about the network', () => {
    expect(judge({ needs: [{ ...NEED, kind: 'network' }] })).toMatchObject([{ status: 'fail', severity: 'major' }]);
  });

  it('could not look when the hardware below a mount is hidden', () => {
    expect(judge({ unseen: [{ source: '/dev/mapper/x', reason: 'denied' }] })).toMatchObject([{ status: 'unknown' }]);
  });

  it('does not blame what another domain is given', () => {
    expect(judge({ needs: [NEED] }, '04:00.0')).toMatchObject([{ status: 'pass' }]);
  });

  it('says nothing of a GPU', () => {
    expect(judge({ needs: [NEED] }, '01:00.0')).toMatchObject([{ status: 'not-applicable' }]);
  });
});
