import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { disksOf, plainPath, storageKey } from './disks.ts';

const disks = (devices: string) => disksOf(aDocument(aDefinition({ devices })));
const same = (path: string): string => path;

const key = (xml: string) => disks(xml).map((disk) => storageKey(disk, same));

describe('disksOf', () => {
  it('reads what is written', () => {
    const [disk] = disks(
      "<disk type='block' device='disk'><driver name='qemu' cache='none'/><source dev='/dev/sdc' startupPolicy='optional'/><target dev='vda' bus='virtio'/><shareable/></disk>",
    );
    expect(disk).toMatchObject({
      name: 'vda',
      type: 'block',
      device: 'disk',
      bus: 'virtio',
      path: '/dev/sdc',
      startupPolicy: 'optional',
      isReadOnly: false,
      isShareable: true,
      isTransient: false,
    });
  });

  it('knows libvirt’s defaults', () => {
    expect(disks('<disk/>')).toMatchObject([
      { name: 'without a target', type: 'file', device: 'disk', bus: null, path: null, startupPolicy: 'mandatory' },
    ]);
    expect(disks("<disk device='cdrom'><source file=''/><target dev='hdc'/></disk>")).toMatchObject([
      { bus: 'ide', path: null, isReadOnly: true },
    ]);
  });

  it.each([
    ['vda', 'virtio'],
    ['sda', 'scsi'],
    ['hda', 'ide'],
    ['fda', 'fdc'],
    ['xvda', 'xen'],
    ['nvme0n1', null],
  ])('a target %s without a bus is on %s', (target, bus) => {
    expect(disks(`<disk><target dev='${target}'/></disk>`)[0]?.bus).toBe(bus);
  });

  it('takes no path from a source that has none', () => {
    expect(disks("<disk type='network'><source protocol='rbd' name='pool/win'/></disk>")[0]?.path).toBeNull();
    expect(disks("<disk type='file'><source dev='/dev/sda'/></disk>")[0]?.path).toBeNull();
  });
});

describe('storageKey', () => {
  it('is the same for two spellings of one path', () => {
    const [one, other] = key("<disk><source file='/a//b/./c'/></disk><disk><source file='/a/b/c'/></disk>");
    expect(one).toBe(other);
  });

  it('tells volumes, names on the network and empty drives apart', () => {
    expect(
      key(
        "<disk type='volume'><source pool='p' volume='v'/></disk><disk type='network'><source protocol='rbd' name='p/v'><host name='m' port='1'/></source></disk><disk device='cdrom'/>",
      ),
    ).toEqual(['volume p/v', 'network rbd m:1 p/v', null]);
  });
});

describe('plainPath', () => {
  it('takes any text, and is done after once', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(plainPath(plainPath(text))).toBe(plainPath(text));
      }),
    );
  });
});
