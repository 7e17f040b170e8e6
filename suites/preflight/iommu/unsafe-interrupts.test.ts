import { describe, expect, it } from 'vitest';

import { aKernel, DEBIAN } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import { parseInterrupts } from '../../../src/facts/interrupts.ts';
import { EMPTY_MODPROBE_CONFIG, parseModprobeFile } from '../../../src/facts/modprobe-config.ts';
import check from './unsafe-interrupts.ts';

const TYPE1 = '/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts';
const failed = { ok: false, error: new FactError({ source: '/etc/modprobe.d', reason: 'permission denied' }) } as const;
const had = <T>(value: T) => ({ ok: true, value }) as const;

type Facts = Parameters<typeof check.evaluate>[0];

function judge(given: Partial<Facts>) {
  return check.evaluate({
    unsafeInterrupts: { inForce: [], refused: [] },
    kernel: aKernel('quiet'),
    modprobeConfig: had(EMPTY_MODPROBE_CONFIG),
    interrupts: had(parseInterrupts('  CPU0\n 25: 0 PCI-MSI 1-edge eth0\n')),
    platform: had(DEBIAN),
    ...given,
  });
}

function modprobe(text: string) {
  return had({ ...EMPTY_MODPROBE_CONFIG, ...parseModprobeFile(text, '/etc/modprobe.d/vfio.conf') });
}

describe(check.id, () => {
  it('passes when the loaded module refuses', () => {
    expect(judge({ unsafeInterrupts: { inForce: [], refused: [TYPE1] } })).toEqual({
      status: 'pass',
      evidence: [{ source: TYPE1, observed: 'N' }],
    });
  });

  it('fails when the loaded module allows it, names the risk and where it is configured', () => {
    const unsafeInterrupts = { inForce: [TYPE1], refused: [] };
    expect(judge({ unsafeInterrupts, modprobeConfig: modprobe('options vfio_iommu_type1 allow_unsafe_interrupts=1\n') })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('inject interrupts'),
      evidence: [{ source: TYPE1, observed: 'Y' }, { source: '/etc/modprobe.d/vfio.conf:1' }],
    });
  });

  it('is minor where interrupts are remapped, so that nothing uses it', () => {
    const interrupts = had(parseInterrupts('  CPU0\n 25: 0 IR-PCI-MSI 1-edge eth0\n'));
    expect(judge({ unsafeInterrupts: { inForce: [TYPE1], refused: [] }, interrupts })).toMatchObject({ status: 'fail', severity: 'minor' });
    expect(judge({ unsafeInterrupts: { inForce: [TYPE1], refused: [] }, interrupts: failed })).not.toHaveProperty('severity');
  });

  it('judges by the configuration while no module is loaded', () => {
    expect(judge({ kernel: aKernel('vfio_iommu_type1.allow_unsafe_interrupts=1') })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/proc/cmdline', observed: 'vfio_iommu_type1.allow_unsafe_interrupts=1' }],
    });
    expect(judge({ modprobeConfig: modprobe('options vfio_iommu_type1 x=2 allow_unsafe_interrupts=Y\n') })).toMatchObject({
      status: 'fail',
    });
    expect(judge({ modprobeConfig: modprobe('options vfio_iommu_type1 allow_unsafe_interrupts=0\n') })).toMatchObject({
      status: 'not-applicable',
    });
    expect(judge({})).toMatchObject({ status: 'not-applicable' });
  });

  it('passes with a word about the next boot when only the configuration allows it', () => {
    const modprobeConfig = modprobe('options vfio_iommu_type1 allow_unsafe_interrupts=1\n');
    expect(judge({ unsafeInterrupts: { inForce: [], refused: [TYPE1] }, modprobeConfig })).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('next boot'),
    });
  });

  it('could not look when no module is loaded and the configuration is hidden', async () => {
    expect(judge({ modprobeConfig: failed })).toMatchObject({ status: 'unknown', evidence: [{ source: '/etc/modprobe.d' }] });
    expect(await judgeOne(check, { files: { '/proc/cmdline': '' }, unreadable: { [TYPE1]: 'denied' } })).toMatchObject({ status: 'error' });
  });
});
