import { describe, expect, it } from 'vitest';

import { aGroup, aKernel, aPciDevice } from '../../test/facts.ts';
import { ABSENT, ok, type Reading, unreadable } from '../host/reading.ts';
import { otherMembers } from './group-members.ts';

const ADDRESS = '0000:00:01.0';

function mayStay(driver: Reading<string>, classCode = '060400', release = '6.12.0'): boolean | null | undefined {
  const device = aPciDevice({ address: ADDRESS, classCode, driver });
  return otherMembers(aGroup({ devices: ['0000:01:00.0', ADDRESS] }), ['0000:01:00.0'], [device], aKernel('', release))[0]?.mayStay;
}

describe('otherMembers', () => {
  it.each(['pcieport', 'pci-stub', 'vfio-pci', 'mlx5_vfio_pci', 'nvgrace-gpu-vfio-pci', 'vfio-platform'])(
    'tolerates the driver %s',
    (driver) => {
      expect(mayStay(ok(driver))).toBe(true);
    },
  );

  it.each(['nvme', 'shpchp', 'xhci_hcd', 'novfio', 'pcieport2'])('does not tolerate the driver %s', (driver) => {
    expect(mayStay(ok(driver))).toBe(false);
  });

  it('tolerates what no driver holds, such as host bridges', () => {
    expect(mayStay(ABSENT, '060000')).toBe(true);
  });

  it('tolerates any driver of a bridge before 5.19, as the kernel did', () => {
    expect(mayStay(ok('shpchp'), '060400', '5.18.0')).toBe(true);
    expect(mayStay(ok('shpchp'), '060400', '5.19.0')).toBe(false);
    expect(mayStay(ok('nvme'), '010802', '5.18.0')).toBe(false);
  });

  it('cannot tell when the driver is hidden', () => {
    expect(mayStay(unreadable('not-recorded', 'not recorded'))).toBeNull();
  });

  it('knows members that are no PCI devices', () => {
    const group = aGroup({ devices: ['AMDI0020:00', '0000:01:00.0'], otherDrivers: { 'AMDI0020:00': ok('dw-apb-uart') } });
    expect(otherMembers(group, ['0000:01:00.0'], [], aKernel())).toEqual([
      { name: 'AMDI0020:00', driver: ok('dw-apb-uart'), mayStay: false },
    ]);
  });
});
