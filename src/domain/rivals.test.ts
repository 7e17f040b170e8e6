import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { areRivals, shareDevice } from './rivals.ts';

const vm = (devices: string, gpu = false) => aDocument(aDefinition({ devices, gpu }));
const SLICE = `<hostdev type='mdev'><source><address uuid='C2177883-F1BB-47F0-914D-32A22E3A8804'/></source></hostdev>`;

describe('shareDevice', () => {
  it('is about PCI devices and slices of them', () => {
    expect(shareDevice(vm('', true), vm('', true))).toBe(true);
    expect(shareDevice(vm(SLICE), vm(SLICE.toLowerCase()))).toBe(true);
    expect(shareDevice(vm('', true), vm(SLICE))).toBe(false);
  });
});

describe('areRivals', () => {
  it.each([
    ['a file that both write', "<disk type='file'><source file='/images//win11.qcow2'/><target dev='vda'/></disk>", true],
    ['a volume that both write', "<disk type='volume'><source pool='default' volume='games'/><target dev='vdb'/></disk>", true],
    ['a CD', "<disk type='file' device='cdrom'><source file='/iso/win11.iso'/><target dev='sda'/></disk>", false],
    ['what both read', "<disk type='file'><source file='/images/base.qcow2'/><target dev='vdc'/><readonly/></disk>", false],
    ['what both say that they share', "<disk type='block'><source dev='/dev/cluster'/><target dev='vdd'/><shareable/></disk>", false],
    ['what neither changes', "<disk type='file'><source file='/images/a.raw'/><target dev='vde'/><transient/></disk>", false],
    ['an empty drive', "<disk type='file' device='cdrom'><target dev='sdb'/></disk>", false],
  ])('%s', (_what, disk, expected) => expect(areRivals(vm(disk), vm(disk))).toBe(expected));

  it('counts devices, too', () => {
    expect(areRivals(vm('', true), vm('', true))).toBe(true);
  });
});
