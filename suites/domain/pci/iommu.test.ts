import { describe, expect, it } from 'vitest';

import { type DomainParts, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aKernel, anIommu, aPciDevice, DEBIAN } from '../../../test/facts.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import { parseInterrupts } from '../../../src/facts/interrupts.ts';
import rule from './iommu.ts';

type Facts = Parameters<typeof rule.judge>[1];
const had = <T>(value: T) => ({ ok: true, value }) as const;
const interrupts = (controller: string) =>
  had(parseInterrupts(`           CPU0\n 25:          3  ${controller} 65536-edge      nvme0q0\n`));
const OFF = anIommu({ instances: [], groups: [] });
const SLICE =
  "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source><address uuid='4b20d080-1b54-4048-85b3-a6a62d165c01'/></source></hostdev>";

function judge(given: Record<string, unknown> = {}, parts: DomainParts = {}) {
  const facts = {
    iommu: anIommu(),
    pciDevices: had([aPciDevice()]),
    interrupts: interrupts('IR-PCI-MSI'),
    unsafeInterrupts: had({ inForce: [], refused: [] }),
    kernel: had(aKernel('quiet')),
    kernelConfig: NO_HOST_FACT,
    kernelLog: NO_HOST_FACT,
    platform: had(DEBIAN),
    cpu: NO_HOST_FACT,
    ...given,
  };
  return judgeOneDomain(rule, parts, facts as unknown as Facts);
}

describe(rule.id, () => {
  it('passes with an IOMMU in force that remaps interrupts', () => {
    expect(judge()).toMatchObject({ status: 'pass', evidence: [{ source: '/proc/interrupts' }] });
  });

  it('fails at the device where no IOMMU is in force, with the remedy of preflight', () => {
    expect(judge({ iommu: OFF })).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/^the IOMMU is not in force/),
      evidence: expect.arrayContaining([
        expect.objectContaining({ source: 'win11.xml:11' }),
        expect.objectContaining({ source: '/sys/class/iommu', observed: 'empty' }),
      ]),
      location: { line: 11 },
    });
    expect(judge({ iommu: OFF })).not.toHaveProperty('severity');
  });

  it('needs no interrupts and no devices to see that', () => {
    expect(judge({ iommu: OFF, interrupts: NO_HOST_FACT, pciDevices: NO_HOST_FACT })).toMatchObject({ status: 'fail' });
  });

  it('fails for a device among the arguments for QEMU and for an NVMe drive, too', () => {
    const nvme = "<disk type='nvme'><source type='pci' namespace='1'><address domain='0' bus='1' slot='0' function='0'/></source></disk>";
    expect(judge({ iommu: OFF }, { gpu: false, devices: nvme })).toMatchObject({ status: 'fail' });
    const body =
      "<q:commandline xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:arg value='-device'/><q:arg value='vfio-pci,host=01:00.0'/></q:commandline>";
    expect(judge({ iommu: OFF }, { gpu: false, body })).toMatchObject({ status: 'fail' });
  });

  it('fails where interrupts are not remapped, and is major while unsafe ones are allowed', () => {
    expect(judge({ interrupts: interrupts('PCI-MSI') })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('not remapped'),
    });
    expect(judge({ interrupts: interrupts('PCI-MSI') })).not.toHaveProperty('severity');
    const inForce = ['/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts'];
    expect(judge({ interrupts: interrupts('PCI-MSI'), unsafeInterrupts: had({ inForce, refused: [] }) })).toMatchObject({
      severity: 'major',
    });
  });

  it('could not look where interrupts do not show', () => {
    const error = new FactError({ source: '/proc/interrupts', reason: 'not permitted' });
    expect(judge({ interrupts: { ok: false, error } })).toMatchObject({ status: 'unknown' });
  });

  it('says nothing of a guest without a device of the host, or with slices only', () => {
    expect(judge({ iommu: OFF }, { gpu: false })).toMatchObject({ status: 'not-applicable' });
    expect(judge({ iommu: OFF }, { gpu: false, devices: SLICE })).toMatchObject({ status: 'not-applicable' });
  });
});
