import { describe, expect, it } from 'vitest';

import { judgeDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aDisplayCard, anAudioFunction, anIommu, aPciDevice, DEBIAN, someDisplays } from '../../../test/facts.ts';
import { aHostdev, type HostdevParts } from '../../../test/host-device.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import rule from './binding.ts';

const NVME = aPciDevice({ address: '0000:03:00.0', classCode: '010802', driver: ok('nvme') });
const HOOK = '/etc/libvirt/hooks/qemu';
const had = <T>(value: T) => ({ ok: true, value }) as const;

function judge(pciDevices: readonly PciDevice[], parts: HostdevParts = {}, hooks: readonly string[] = []) {
  return judgeDomain(
    rule,
    { gpu: false, devices: aHostdev(parts) },
    {
      pciDevices,
      displays: had(someDisplays({ cards: aDisplayCard(null) })),
      iommu: had(anIommu()),
      libvirtHooks: had({ qemu: ok(hooks) }),
      modprobeConfig: NO_HOST_FACT,
      kernel: NO_HOST_FACT,
      modules: NO_HOST_FACT,
      platform: had(DEBIAN),
    },
  );
}

describe(rule.id, () => {
  it('passes for what is on vfio-pci, managed or not', () => {
    for (const managed of ['yes', 'no'] as const)
      expect(judge([aPciDevice(), anAudioFunction()], { managed })).toMatchObject([{ status: 'pass' }]);
  });

  it('tells a GPU that a host driver holds until libvirt takes it', () => {
    expect(judge([aPciDevice({ driver: ok('amdgpu') })])).toMatchObject([
      {
        status: 'fail',
        severity: 'major',
        message: expect.stringContaining('held by amdgpu until libvirt takes it'),
        location: { line: 9 },
      },
    ]);
  });

  it('fails for a GPU that neither libvirt nor vfio-pci takes', () => {
    const devices = [aPciDevice({ driver: ok('amdgpu') })];
    expect(judge(devices, { managed: 'no' })).toMatchObject([{ status: 'fail', severity: 'blocker' }]);
    expect(judge(devices, { managed: 'no' }, [HOOK])).toMatchObject([
      { status: 'fail', severity: 'major', evidence: [{}, {}, { source: HOOK, observed: 'executable, may bind it' }] },
    ]);
  });

  it('lets libvirt take a drive, and fails when it is not to', () => {
    expect(judge([NVME], { source: '03:00.0' })).toMatchObject([
      { status: 'pass', message: '0000:03:00.0: nvme holds it until libvirt takes it at the start' },
    ]);
    expect(judge([NVME], { source: '03:00.0', managed: 'no' })).toMatchObject([
      { status: 'fail', severity: 'blocker', message: '0000:03:00.0 is not managed by libvirt and not on vfio-pci: nvme holds it' },
    ]);
    expect(judge([{ ...NVME, driver: ABSENT }], { source: '03:00.0', managed: 'no' }, [HOOK])).toMatchObject([
      { status: 'fail', severity: 'major' },
    ]);
  });

  it('could not look when the driver is hidden', () => {
    const hidden = unreadable('not-recorded', 'not recorded');
    expect(judge([{ ...NVME, driver: hidden }], { source: '03:00.0' })).toMatchObject([{ status: 'unknown' }]);
    expect(judge([aPciDevice({ driver: hidden })])).toMatchObject([{ status: 'unknown' }]);
  });

  it('judges only what is given and there, and leaves divided devices to another rule', () => {
    expect(judge([aPciDevice()], { source: '09:00.0' })).toMatchObject([{ status: 'not-applicable' }]);
    expect(judge([{ ...NVME, totalVfs: 4, numVfs: 2 }], { source: '03:00.0' })).toMatchObject([{ status: 'not-applicable' }]);
  });
});
