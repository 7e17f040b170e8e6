import { describe, expect, it } from 'vitest';

import { aDomain, aGroup, aKernel, anAudioFunction, anIommu, aPassthrough, aPciDevice, known } from '../../test/facts.ts';
import { FactError } from '../facts/fact-error.ts';
import { ABSENT, ok, unreadable } from '../host/reading.ts';
import groupIsolated from '../../suites/preflight/iommu/group-isolated.ts';
import { describePassthrough } from './describe-passthrough.ts';

const PORT = aPciDevice({ address: '0000:00:01.0', classCode: '060400', driver: ok('pcieport'), upstream: [] });
const NVME = aPciDevice({ address: '0000:02:00.0', classCode: '010802', driver: ok('nvme') });
const GPU = [aPciDevice(), anAudioFunction()];
const SHARED = aGroup({ devices: ['0000:00:01.0', '0000:01:00.0', '0000:01:00.1', '0000:02:00.0', 'AMDI0010:00'] });
const missing = { ok: false, error: new FactError({ source: '/sys', reason: 'hidden' }) } as const;

const IOMMU = anIommu({ groups: [SHARED] });
const PASSTHROUGH = aPassthrough();

function given(nvme = NVME) {
  return { pciDevices: known([PORT, ...GPU, nvme]), iommu: known(IOMMU), kernel: known(aKernel()), passthrough: known(PASSTHROUGH) };
}

const giving = (...addresses: string[]) => ({
  domain: aDomain({ pciDevices: addresses.map((address) => ({ address, managed: true })) }),
});

describe('what shares a group with what goes to a VM', () => {
  it('is told with its driver, and whether VFIO tolerates it', () => {
    expect(describePassthrough(given(), [])).toEqual({
      devices: ['0000:01:00.0', '0000:01:00.1'],
      groups: ['12'],
      others: [
        { group: '12', name: '0000:00:01.0', driver: 'pcieport', mayStay: true },
        { group: '12', name: '0000:02:00.0', driver: 'nvme', mayStay: false },
        { group: '12', name: 'AMDI0010:00', driver: null, mayStay: true },
      ],
    });
  });

  it('is judged as the check judges it', () => {
    for (const driver of [ok('nvme'), ok('vfio-pci'), ok('pci-stub'), ABSENT, unreadable('denied', 'permission denied')]) {
      const nvme = { ...NVME, driver };
      const judged = groupIsolated.evaluate({
        iommu: IOMMU,
        passthrough: PASSTHROUGH,
        pciDevices: [PORT, ...GPU, nvme],
        kernel: known(aKernel()),
        pciConfig: missing,
        domains: known([]),
      });
      const mayStay = describePassthrough(given(nvme), [])?.others.find(({ name }) => name === '0000:02:00.0')?.mayStay;
      const status = mayStay === false ? 'fail' : 'pass';
      expect(judged).toMatchObject([{ outcome: { status: mayStay === null ? 'unknown' : status } }]);
    }
  });

  it('is what each given definition finds for itself, with every function of the GPU', () => {
    const found = describePassthrough(given(), [giving('0000:01:00.0'), giving('0000:02:00.0', '0000:09:00.0')]);
    expect(found?.devices).toEqual(['0000:01:00.0', '0000:01:00.1', '0000:02:00.0']);
    expect(found?.others).toContainEqual({ group: '12', name: '0000:02:00.0', driver: 'nvme', mayStay: false });
    expect(found?.others).toContainEqual({ group: '12', name: '0000:01:00.0', driver: 'vfio-pci', mayStay: true });
  });

  it('is nothing without an IOMMU in force', () => {
    const off = known(anIommu({ instances: [], groups: [SHARED] }));
    expect(describePassthrough({ ...given(), iommu: off }, [])).toMatchObject({ groups: [], others: [] });
  });

  it('is not judged in a group that the kernel does not list', () => {
    const pciDevices = known([PORT, ...GPU.map((one) => ({ ...one, iommuGroup: ok('99') })), NVME]);
    expect(describePassthrough({ ...given(), pciDevices }, [])).toMatchObject({ devices: { length: 2 }, groups: [], others: [] });
  });

  it('is not told where devices, groups or the choice of the GPU could not be looked at', () => {
    for (const part of ['pciDevices', 'iommu', 'passthrough'] as const) {
      expect(describePassthrough({ ...given(), [part]: missing }, [])).toBeNull();
    }
    expect(describePassthrough({ ...given(), passthrough: missing }, [giving('0000:01:00.0')])?.devices).toHaveLength(2);
  });

  it('leaves it open where the driver or the version of the kernel could not be seen', () => {
    const hidden = given({ ...NVME, driver: unreadable('not-recorded', 'not recorded') });
    expect(describePassthrough(hidden, [])?.others).toContainEqual({ group: '12', name: '0000:02:00.0', driver: null, mayStay: null });
    expect(describePassthrough({ ...given(), kernel: missing }, [])?.others).toHaveLength(3);
  });
});
