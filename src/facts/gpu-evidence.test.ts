import { describe, expect, it } from 'vitest';

import { aDomain, anAudioFunction, aPciDevice } from '../../test/facts.ts';
import { ABSENT, ok } from '../host/reading.ts';
import { assignedGpus, boundGpus, namedGpus } from './gpu-evidence.ts';
import { parseVfioPciIds } from './vfio-pci-ids.ts';

const one = aPciDevice({ driver: ABSENT });
const two = aPciDevice({ address: '0000:02:00.0', driver: ABSENT });
const id = parseVfioPciIds('10de:2684', '/proc/cmdline');

describe('evidence', () => {
  it('of assignment names the domain, and counts graphics only', () => {
    const pciDevices = ['0000:01:00.0', '0000:01:00.1'].map((address) => ({ address, managed: true }));
    expect(assignedGpus([one, anAudioFunction()], [{ definition: aDomain({ pciDevices }), state: 'running' }])).toEqual([
      { basis: 'assigned', device: one, source: 'virsh dumpxml win11', reason: 'assigned to win11' },
    ]);
  });

  it('of binding counts graphics only', () => {
    const bound = { ...one, driver: ok('vfio-pci') };
    expect(boundGpus([bound, anAudioFunction(), two])).toMatchObject([{ device: bound, reason: 'bound to vfio-pci' }]);
  });

  it('of an id is ambiguous when it fits two cards', () => {
    const { evidence, ambiguous } = namedGpus([one, two], id, []);
    expect(evidence).toEqual([]);
    expect(ambiguous.map(({ device }) => device.address)).toEqual(['0000:01:00.0', '0000:02:00.0']);
  });

  it('of an id is settled by a driver_override', () => {
    const told = { ...two, driverOverride: ok('vfio-pci') };
    const { evidence, ambiguous } = namedGpus([one, told], id, []);
    expect(new Set(evidence.map(({ device }) => device.address))).toEqual(new Set(['0000:02:00.0']));
    expect(ambiguous).toEqual([]);
  });
});
