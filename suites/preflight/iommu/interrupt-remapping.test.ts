import { describe, expect, it } from 'vitest';

import { aKernel, anIommu, DEBIAN } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import { parseInterrupts } from '../../../src/facts/interrupts.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import check from './interrupt-remapping.ts';

const failed = { ok: false, error: new FactError({ source: 'dmesg', reason: 'not permitted' }) } as const;
const had = <T>(value: T) => ({ ok: true, value }) as const;

// Recorded in virtual machines (Debian 12, kernel 6.1): Intel, and AMD with intremap=off.
const REMAPPED = `           CPU0       CPU1       
  0:         92          0  IR-IO-APIC   2-edge      timer
 24:          0          0  DMAR-MSI   0-edge      dmar0
 25:          0          0  IR-PCI-MSI 65536-edge      PCIe PME, aerdrv
 27:          0        491  IR-PCI-MSI 16385-edge      virtio0-requests
`;
const PLAIN = `           CPU0       CPU1       
  0:         79          0   IO-APIC   2-edge      timer
 24:          0          0   PCI-MSI 16384-edge      AMD-Vi
 25:          0          0   PCI-MSI 65536-edge      PCIe PME, aerdrv
 27:          0        535   PCI-MSI 49153-edge      virtio0-requests
`;

type Facts = Parameters<typeof check.evaluate>[0];

function judge(text: string, given: Partial<Facts> = {}) {
  return check.evaluate({
    iommu: anIommu(),
    interrupts: parseInterrupts(text),
    kernel: had(aKernel('quiet')),
    kernelLog: failed,
    unsafeInterrupts: had({ inForce: [], refused: [] }),
    platform: had(DEBIAN),
    ...given,
  });
}

describe(check.id, () => {
  it('passes when every vector of a device is remapped; those of the IOMMU itself never are', () => {
    expect(judge(REMAPPED)).toEqual({ status: 'pass', evidence: [{ source: '/proc/interrupts', observed: '2 × IR-PCI-MSI' }] });
  });

  it('fails with plain vectors and names the option', () => {
    expect(judge(PLAIN, { kernel: had(aKernel('quiet intremap=off')) })).toMatchObject({
      status: 'fail',
      message: '2 PCI-MSI vectors are not remapped: "intremap=off" is on the kernel command line',
      evidence: [
        { source: '/proc/interrupts', observed: '2 × PCI-MSI, 0 × IR-' },
        { source: '/proc/cmdline', observed: 'intremap=off' },
      ],
      remedy: { summary: 'Remove intremap=off from the kernel command line', steps: expect.any(Array) },
    });
  });

  it('is major while unsafe interrupts are allowed, because VMs then start', () => {
    const inForce = ['/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts'];
    expect(judge(PLAIN, { unsafeInterrupts: had({ inForce, refused: [] }) })).toMatchObject({ status: 'fail', severity: 'major' });
    expect(
      judge(PLAIN, { unsafeInterrupts: had({ inForce, refused: ['/sys/module/iommufd/parameters/allow_unsafe_interrupts'] }) }),
    ).not.toHaveProperty('severity');
    expect(judge(PLAIN, { unsafeInterrupts: failed })).not.toHaveProperty('severity');
  });

  it('names hardware and firmware that cannot do it', () => {
    expect(judge(PLAIN, { iommu: anIommu({ intelCanRemapInterrupts: false }) })).toMatchObject({
      message: expect.stringContaining('cannot do it'),
    });
    const dmar = { interruptRemapping: false, x2apicOptOut: false, dmaControlOptIn: false, units: 1 };
    expect(judge(PLAIN, { iommu: anIommu({ dmar: ok(dmar) }) })).toMatchObject({
      message: expect.stringContaining('the firmware says'),
      evidence: [{}, { source: '/sys/firmware/acpi/tables/DMAR' }],
    });
  });

  it.each([
    ['AMD-Vi: [Firmware Bug]: : No southbridge IOAPIC found', 'leaves out an I/O APIC'],
    ['[Firmware Bug]: AMD-Vi: IOAPIC[32] not in IVRS table', 'leaves out an I/O APIC'],
    ['DMAR-IR: Failed to enable irq remapping. You are vulnerable to irq-injection attacks.', 'could not switch it on'],
  ])('names what the kernel said: %s', (line, cause) => {
    const kernelLog = had({ source: 'dmesg', hasBeginning: true, lines: ['Linux version 6.1', line] });
    expect(
      judge(PLAIN, { kernelLog, iommu: anIommu({ instances: ['ivhd0'], dmar: ABSENT, intelCanRemapInterrupts: null }) }),
    ).toMatchObject({
      status: 'fail',
      message: expect.stringContaining(cause),
      evidence: [{}, { source: 'dmesg', observed: line }],
    });
  });

  it('fails without a cause when the log and the table are hidden, and shows that they are', () => {
    expect(judge(PLAIN, { iommu: anIommu({ dmar: unreadable('denied', 'permission denied') }) })).toMatchObject({
      status: 'fail',
      message: '2 PCI-MSI vectors are not remapped',
      evidence: [{}, { source: 'dmesg', observed: 'not permitted' }],
    });
  });

  it('judges by wired interrupts where no device uses messages', () => {
    expect(judge('  CPU0\n 0: 1 IR-IO-APIC 2-edge timer\n')).toMatchObject({ status: 'pass' });
    expect(judge('  CPU0\n 0: 1 IO-APIC 2-edge timer\n')).toMatchObject({ status: 'fail' });
  });

  it('could not look when there is nothing to judge by, or the vectors disagree', () => {
    expect(judge('  CPU0\n 24: 0 DMAR-MSI 0-edge dmar0\n')).toMatchObject({ status: 'unknown' });
    expect(judge(`${REMAPPED} 30: 0 0 PCI-MSI-0000:07:00.0 0-edge eth0\n`)).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining('30 PCI-MSI-0000:07:00.0 0-edge eth0'),
    });
  });

  it('does not apply without an IOMMU: Intel remaps interrupts even with intel_iommu=off', () => {
    expect(judge(REMAPPED, { iommu: anIommu({ instances: [], groups: [] }) })).toMatchObject({ status: 'not-applicable' });
  });

  it('could not look when /proc/interrupts is hidden', async () => {
    expect(await judgeOne(check, { unreadable: { '/proc/interrupts': 'denied' } })).toMatchObject({ status: 'error' });
  });
});
