import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { controllerOf, disks, transportOf } from './disks.ts';

const NVME = '/sys/devices/pci0000:00/0000:00:01.2/0000:02:00.0/nvme/nvme0/nvme0n1';
const SATA = '/sys/devices/pci0000:00/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0/block/sda';

describe('disks', () => {
  it('reads model, size, kind and controller, and never a serial number', async () => {
    const found = await valueOf(disks, {
      links: {
        '/sys/block/nvme0n1': '../devices/pci0000:00/0000:00:01.2/0000:02:00.0/nvme/nvme0/nvme0n1',
        '/sys/block/sda': '../devices/pci0000:00/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0/block/sda',
        '/sys/block/loop0': '../devices/virtual/block/loop0',
        '/sys/block/dm-0': '../devices/virtual/block/dm-0',
        [`${NVME}/device`]: '../../nvme0',
        [`${SATA}/device`]: '../../../1:0:0:0',
      },
      files: {
        [`${NVME}/size`]: '1953525168\n',
        [`${NVME}/queue/rotational`]: '0\n',
        [`${NVME}/removable`]: '0\n',
        '/sys/devices/pci0000:00/0000:00:01.2/0000:02:00.0/nvme/nvme0/model': 'Samsung SSD 980 PRO 1TB                 \n',
        '/sys/devices/pci0000:00/0000:00:01.2/0000:02:00.0/nvme/nvme0/serial': 'S5GXNX0R000000\n',
        [`${SATA}/size`]: '7814037168\n',
        [`${SATA}/queue/rotational`]: '1\n',
        '/sys/devices/pci0000:00/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0/model': 'WDC WD40EZRZ-00G\n',
        '/sys/devices/pci0000:00/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0/vendor': 'ATA     \n',
        '/sys/devices/virtual/block/loop0/size': '0\n',
        '/sys/devices/virtual/block/dm-0/size': '0\n',
      },
    });
    expect(found).toEqual([
      {
        name: 'nvme0n1',
        model: 'Samsung SSD 980 PRO 1TB',
        sizeBytes: 1_000_204_886_016,
        isRotational: false,
        isRemovable: false,
        transport: 'nvme',
        controller: '0000:02:00.0',
      },
      {
        name: 'sda',
        model: 'WDC WD40EZRZ-00G',
        sizeBytes: 4_000_787_030_016,
        isRotational: true,
        isRemovable: false,
        transport: 'sata',
        controller: '0000:00:17.0',
      },
    ]);
    expect(JSON.stringify(found)).not.toContain('S5GX');
  });

  it('finds the controller of an NVMe disk with multipath', async () => {
    const found = await valueOf(disks, {
      links: {
        '/sys/block/nvme0n1': '../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1',
        '/sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/device': '../../nvme-subsys0',
        '/sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0': '/sys/devices/pci0000:00/0000:00:01.2/0000:02:00.0/nvme/nvme0',
      },
      files: {
        '/sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/size': '8\n',
        '/sys/devices/pci0000:00/0000:00:01.2/0000:02:00.0/nvme/nvme0/model': 'x\n',
      },
    });
    expect(found).toMatchObject([{ name: 'nvme0n1', transport: 'nvme', controller: '0000:02:00.0', sizeBytes: 4096 }]);
  });

  it('a machine without disks has none', async () => expect(await valueOf(disks, {})).toEqual([]));
});

describe('transportOf', () => {
  it.each([
    ['sdb', '/sys/devices/pci0000:00/0000:00:14.0/usb2/2-3/2-3:1.0/host6/target6:0:0/6:0:0:0/block/sdb', 'usb'],
    ['vda', '/sys/devices/pci0000:00/0000:00:02.0/virtio1/block/vda', 'virtio'],
    ['sdc', '/sys/devices/pci0000:00/0000:03:00.0/host0/port-0:0/end_device-0:0/target0:0:0/0:0:0:0/block/sdc', 'sas'],
    ['sdd', '/sys/devices/pci0000:00/0000:03:00.0/host0/target0:2:0/0:2:0:0/block/sdd', 'scsi'],
    ['mmcblk0', '/sys/devices/platform/mmc0/mmc0:0001/block/mmcblk0', 'mmc'],
    ['xvda', '/sys/devices/vbd-51712/block/xvda', null],
  ])('%s at %s: %s', (name, real, expected) => expect(transportOf(name, real)).toBe(expected));

  it('takes any path', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(controllerOf(text)).toBeNull();
        expect(transportOf('sda', text)).toBeNull();
      }),
    );
  });
});
