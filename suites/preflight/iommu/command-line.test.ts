import { describe, expect, it } from 'vitest';

import { aKernel, anIommu, DEBIAN } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import check from './command-line.ts';

const failed = { ok: false, error: new FactError({ source: 'x', reason: 'hidden' }) } as const;
const had = <T>(value: T) => ({ ok: true, value }) as const;

type Facts = Parameters<typeof check.evaluate>[0];

function judge(commandLine: string, given: Partial<Facts> = {}) {
  return check.evaluate({
    kernel: aKernel(commandLine),
    iommu: failed,
    kernelConfig: failed,
    kernelLog: failed,
    platform: failed,
    ...given,
  });
}

describe(check.id, () => {
  it('passes with options that the kernel reads, and with none', () => {
    expect(judge('quiet intel_iommu=on iommu=pt')).toEqual({
      status: 'pass',
      evidence: [{ source: '/proc/cmdline', observed: 'intel_iommu=on iommu=pt' }],
    });
    expect(judge('quiet')).toMatchObject({ status: 'pass', evidence: [{ observed: 'no option for passthrough' }] });
  });

  it('lists each option that does nothing, once', () => {
    expect(judge('amd_iommu=on intel_iommu=on,pt amd_iommu=on', { platform: had(DEBIAN) })).toMatchObject([
      { subject: 'amd_iommu=on', outcome: { status: 'fail', evidence: [{ source: '/proc/cmdline', observed: 'amd_iommu=on' }] } },
      {
        subject: 'intel_iommu=on,pt',
        outcome: {
          message: 'intel_iommu=on,pt: "pt" is not an option of intel_iommu',
          remedy: { summary: expect.stringContaining('intel_iommu=on iommu=pt'), steps: expect.any(Array) },
        },
      },
    ]);
  });

  it('knows the vendor, the version, the framebuffer and what the kernel reported', () => {
    expect(judge('intel_iommu=on', { iommu: had(anIommu({ instances: ['ivhd0'] })) })).toMatchObject([{ outcome: { status: 'fail' } }]);
    expect(judge('rd.driver.pre=vfio_virqfd')).toMatchObject([{ outcome: { status: 'fail' } }]);
    expect(judge('rd.driver.pre=vfio_virqfd', { kernel: aKernel('rd.driver.pre=vfio_virqfd', '6.1.0') })).toMatchObject({ status: 'pass' });
    const kernelConfig = had({ source: '/boot/config-6.12.0', text: 'CONFIG_SYSFB_SIMPLEFB=y\n' });
    expect(judge('video=efifb:off', { kernelConfig })).toMatchObject([{ outcome: { status: 'fail' } }]);
    const line = 'Unknown kernel command line parameters "splash pcie_acs_override=downstream", will be passed to user space.';
    const kernelLog = had({ source: 'dmesg', hasBeginning: true, lines: [line] });
    expect(judge('splash pcie_acs_override=downstream', { kernelLog })).toMatchObject([{ subject: 'pcie_acs_override=downstream' }]);
  });

  it('could not look where only the log or the build says whether a word does something', () => {
    expect(judge('pcie_acs_override=downstream')).toMatchObject([
      { subject: 'pcie_acs_override=downstream', outcome: { status: 'unknown' } },
    ]);
    expect(judge('video=efifb:off')).toMatchObject([{ subject: 'video=efifb:off', outcome: { status: 'unknown' } }]);
    expect(judge('video=HDMI-A-1:1920x1080')).toMatchObject({ status: 'pass' });
  });

  it('could not look when the command line is hidden', async () => {
    expect(await judgeOne(check, { unreadable: { '/proc/cmdline': 'denied' } })).toMatchObject({ status: 'error' });
  });
});
