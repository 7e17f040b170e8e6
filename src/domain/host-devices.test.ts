import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, GPU } from '../../test/domain-rule.ts';
import { hostDevices, mediatedDevices } from './host-devices.ts';

const document = (devices: string) => aDocument(aDefinition({ devices, gpu: false }));

describe('hostDevices', () => {
  it('finds hostdevs, interfaces and whole NVMe drives', () => {
    const found = hostDevices(
      document(`<disk type='nvme'><source type='pci' managed='yes'><address domain='0' bus='3' slot='0' function='0'/></source></disk>
        <interface type='hostdev' managed='yes'><source><address type='pci' domain='0' bus='4' slot='0x10' function='2'/></source></interface>
        ${GPU}<hostdev type='usb'/><interface type='network'/><disk type='file'/>`),
    );
    expect(found.map(({ kind, address, isManaged }) => ({ kind, address, isManaged }))).toEqual([
      { kind: 'hostdev', address: '0000:01:00.0', isManaged: true },
      { kind: 'interface', address: '0000:04:10.2', isManaged: true },
      { kind: 'disk', address: '0000:03:00.0', isManaged: true },
    ]);
  });

  it('tells the place in the guest, and leaves it open where libvirt chooses', () => {
    const [placed, open] = hostDevices(
      document(`<hostdev type='pci'><source><address bus='1' slot='0'/></source><address type='pci' bus='5' slot='0' function='1'/></hostdev>
        <hostdev type='pci'><source/><address type='pci'/></hostdev>`),
    );
    expect(placed).toMatchObject({ guest: { bus: 5, slot: 0, function: 1 }, isManaged: false });
    expect(open).toMatchObject({ address: null, guest: null });
  });
});

describe('mediatedDevices', () => {
  it('finds slices of a GPU only', () => {
    expect(mediatedDevices(document(`${GPU}<hostdev type='mdev' model='vfio-pci'/>`))).toHaveLength(1);
  });
});
