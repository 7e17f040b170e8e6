import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, GPU } from '../../test/domain-rule.ts';
import { hardLimitKiB, lockedKiB, pinsAllMemory } from './lock-limit.ts';

const GIB = 1024 * 1024;
const NVME = "<disk type='nvme'><source type='pci' namespace='1'><address domain='0' bus='2' slot='0' function='0'/></source></disk>";

function locked(devices: string, gpu = true): number | null {
  const { root, domain } = aDocument(aDefinition({ body: "<memory unit='GiB'>8</memory>", devices, gpu }));
  return lockedKiB(root, domain);
}

describe(lockedKiB.name, () => {
  it.each([
    ['one device', '', 9],
    ['several devices', GPU, 9],
    ['several devices behind a virtual IOMMU', `${GPU}<iommu model='intel'/>`, 17],
    ['an NVMe disk beside the device', NVME, 17],
    ['a vDPA interface beside the device', "<interface type='vdpa'/>", 17],
  ])('counts the memory for %s as libvirt does', (_, devices, gib) => {
    expect(locked(devices)).toBe(gib * GIB);
  });

  it('counts devices on the command line of QEMU', () => {
    const text = aDefinition({ body: "<memory unit='GiB'>8</memory>", gpu: false });
    const document = aDocument(text);
    expect(lockedKiB(document.root, { qemuArguments: ['vfio-pci,host=01:00.0'] })).toBe(9 * GIB);
  });

  it('is not known without the memory', () => {
    const { root, domain } = aDocument(aDefinition());
    expect(lockedKiB(root, domain)).toBeNull();
  });
});

describe(pinsAllMemory.name, () => {
  it.each([
    ['a PCI device', aDefinition(), true],
    ['an NVMe disk', aDefinition({ devices: NVME, gpu: false }), true],
    ['a slice of a device', aDefinition({ devices: "<hostdev type='mdev'/>", gpu: false }), false],
  ])('knows %s', (_, text, pins) => {
    expect(pinsAllMemory(aDocument(text))).toBe(pins);
  });
});

describe(hardLimitKiB.name, () => {
  it.each([
    ['<hard_limit>8388608</hard_limit>', 8 * GIB],
    ["<hard_limit unit='G'>8</hard_limit>", 8 * GIB],
    ['<hard_limit>0</hard_limit>', 0],
    ['<hard_limit>9007199254740991</hard_limit>', null],
    ['<hard_limit>-1</hard_limit>', null],
    ['', null],
  ])('reads %j', (xml, kib) => {
    expect(hardLimitKiB(aDocument(aDefinition({ body: `<memtune>${xml}</memtune>` })).root)).toBe(kib);
  });
});
