import { describe, expect, it } from 'vitest';

import { aKernel, DEBIAN } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import check from './acs-override.ts';

const failed = { ok: false, error: new FactError({ source: 'dmesg', reason: 'not permitted' }) } as const;
const had = <T>(value: T) => ({ ok: true, value }) as const;

function judge(commandLine: string, lines: readonly string[] | null, { release = '6.12.0', hasBeginning = true } = {}) {
  return check.evaluate({
    kernel: aKernel(commandLine, release),
    kernelLog: lines === null ? failed : had({ source: 'dmesg', hasBeginning, lines }),
    platform: had(DEBIAN),
  });
}

describe(check.id, () => {
  it('passes without the option, whatever kernel runs', () => {
    expect(judge('quiet', null, { release: '6.8.12-4-pve' })).toEqual({
      status: 'pass',
      evidence: [{ source: '/proc/cmdline', observed: 'no pcie_acs_override' }],
    });
  });

  it('fails when the kernel says that the override is enabled', () => {
    const line = 'Warning: PCIe ACS overrides enabled; This may allow non-IOMMU protected peer-to-peer DMA';
    expect(judge('pcie_acs_override=downstream,multifunction', [line])).toMatchObject({
      status: 'fail',
      evidence: [
        { source: '/proc/cmdline', observed: 'pcie_acs_override=downstream,multifunction' },
        { source: 'dmesg', observed: line },
      ],
      remedy: { steps: expect.any(Array) },
    });
  });

  it('does not apply on a kernel that does not know the option', () => {
    const line = 'Unknown kernel command line parameters "pcie_acs_override=downstream", will be passed to user space.';
    expect(judge('pcie_acs_override=downstream', [line])).toMatchObject({ status: 'not-applicable' });
    expect(judge('pcie_acs_override=downstream', [line], { hasBeginning: false })).toMatchObject({ status: 'not-applicable' });
    expect(judge('pcie_acs_override=downstream', ['Linux version 6.12.0'])).toMatchObject({ status: 'not-applicable' });
  });

  it('takes the word of a kernel that is known to carry the patch when the log is hidden', () => {
    expect(judge('pcie_acs_override=downstream', null, { release: '6.8.12-4-pve' })).toMatchObject({
      status: 'fail',
      evidence: [{}, { source: '/proc/sys/kernel/osrelease', observed: '6.8.12-4-pve' }],
    });
    expect(judge('pcie_acs_override=downstream', null, { release: '6.12.1-zen1-1-zen' })).toMatchObject({ status: 'fail' });
  });

  it('could not look when the log is hidden or has lost its beginning', async () => {
    expect(judge('pcie_acs_override=downstream', null)).toMatchObject({
      status: 'unknown',
      evidence: [{ source: 'dmesg', observed: 'not permitted' }],
    });
    expect(judge('pcie_acs_override=downstream', ['usb 1-1: reset'], { hasBeginning: false })).toMatchObject({ status: 'unknown' });
    expect(await judgeOne(check, { unreadable: { '/proc/cmdline': 'denied' } })).toMatchObject({ status: 'error' });
  });
});
