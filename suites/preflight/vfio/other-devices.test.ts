import { describe, expect, it } from 'vitest';

import type { NeededDevices } from '../../../src/facts/needed-devices.ts';
import check from './other-devices.ts';

const DRIVE = '0000:02:00.0';
const NEED = {
  address: DRIVE,
  kind: 'disk',
  source: '/proc/self/mounts, /proc/swaps',
  observed: '/dev/nvme0n1p2 is mounted on /',
} as const;

function judge(given: Partial<NeededDevices>) {
  const judged = check.evaluate({ neededDevices: { others: [DRIVE], needs: [], unseen: [], ...given } });
  return 'status' in judged ? judged : judged[0]?.outcome;
}

describe(check.id, () => {
  it('passes a drive that holds nothing of the host', () => {
    expect(judge({})).toMatchObject({ status: 'pass', evidence: [{ observed: `nothing lies on ${DRIVE}` }] });
  });

  it('fails when the root file system lies on a drive that is given away', () => {
    expect(judge({ needs: [NEED] })).toMatchObject({
      status: 'fail',
      severity: 'blocker',
      message: `the host uses file systems on ${DRIVE}`,
      evidence: [{ source: NEED.source, observed: NEED.observed }],
    });
  });

  it('is major when the host would lose its network', () => {
    const need = { ...NEED, kind: 'network', observed: 'the default route leaves through br0' } as const;
    expect(judge({ needs: [need] })).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('leaves the needs of other devices alone', () => {
    expect(judge({ needs: [{ ...NEED, address: '0000:03:00.0' }] })).toMatchObject({ status: 'pass' });
  });

  it('could not look when a mounted device could not be followed', () => {
    expect(judge({ unseen: [{ source: '/dev/sda1', reason: 'not recorded' }] })).toMatchObject({ status: 'unknown' });
  });

  it('does not apply while only GPUs are passed', () => {
    expect(judge({ others: [] })).toMatchObject({ status: 'not-applicable' });
  });
});
