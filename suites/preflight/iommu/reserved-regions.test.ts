import { describe, expect, it } from 'vitest';

import { aGroup, aKernel, anAudioFunction, anIommu, aPassthrough, aPciDevice } from '../../../test/facts.ts';
import { parseReservedRegions } from '../../../src/facts/iommu.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import type { ReservedRegion } from '../../../src/facts/iommu.ts';
import check from './reserved-regions.ts';

const had = <T>(value: T) => ({ ok: true, value }) as const;
const MSI = '0x00000000fee00000 0x00000000feefffff msi\n';
const DIRECT = '0x0000000079e13000 0x000000007be12fff direct\n';
const SOURCE = '/sys/kernel/iommu_groups/12/reserved_regions';

function judge(
  reservedRegions: Reading<readonly ReservedRegion[]>,
  { instance = 'dmar0', release = '6.12.0', devices = ['0000:01:00.0', '0000:01:00.1'] } = {},
) {
  return check.evaluate({
    iommu: anIommu({ instances: [instance], groups: [aGroup({ reservedRegions })] }),
    passthrough: aPassthrough(undefined, { devices }),
    pciDevices: [aPciDevice(), anAudioFunction()],
    kernel: had(aKernel('', release)),
  });
}

const regions = (text: string) => ok(parseReservedRegions(text));

describe(check.id, () => {
  it('passes with the regions that every group has', () => {
    expect(judge(regions(MSI))).toEqual([
      { subject: '0000:01:00.0', outcome: { status: 'pass', evidence: [{ source: SOURCE, observed: '0xfee00000-0xfeefffff msi' }] } },
    ]);
    expect(judge(regions(`${MSI}0x000000fd00000000 0x000000ffffffffff reserved\n`), { instance: 'ivhd0' })).toMatchObject([
      { outcome: { status: 'pass' } },
    ]);
  });

  it('passes with a relaxable region: the kernel gives those up (graphics, USB)', () => {
    expect(judge(regions(`0x0000000000000000 0x0000000000ffffff direct-relaxable\n${MSI}`))).toMatchObject([
      { outcome: { status: 'pass' } },
    ]);
  });

  it('fails with a direct region', () => {
    expect(judge(regions(DIRECT + MSI))).toMatchObject([
      {
        subject: '0000:01:00.0',
        outcome: {
          status: 'fail',
          message: 'the firmware keeps 0x79e13000-0x7be12fff direct mapped for this device',
          evidence: [{ source: SOURCE }],
        },
      },
    ]);
  });

  it('fails on AMD from 6.6 on, when the check became common to all', () => {
    expect(judge(regions(DIRECT), { instance: 'ivhd0', release: '6.6.0' })).toMatchObject([{ outcome: { status: 'fail' } }]);
    expect(judge(regions(DIRECT), { instance: 'ivhd0', release: '6.5.0' })).toMatchObject([
      { outcome: { status: 'pass', message: expect.stringContaining('6.6') } },
    ]);
  });

  it('could not look when the regions are hidden or the kernel does not list them', () => {
    expect(judge(unreadable('not-recorded', 'not recorded'))).toMatchObject([
      { outcome: { status: 'unknown', evidence: [{ source: SOURCE }] } },
    ]);
    expect(judge(ABSENT)).toMatchObject([{ outcome: { status: 'unknown' } }]);
  });

  it('does not apply when nothing is passed through', () => {
    expect(judge(regions(DIRECT), { devices: [] })).toMatchObject({ status: 'not-applicable' });
  });
});
