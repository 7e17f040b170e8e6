import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { ABSENT, ok } from '../host/reading.ts';
import { functionsOfSlot, parseLinkSpeed, parsePciResources, parseUevent, pciDevices } from './pci-devices.ts';

const DEVICES = '/sys/bus/pci/devices';

/** A device as kernels since 2.6 link it: the entry in /sys/bus leads to its place below the bridges. */
function device(path: string, files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}): MemoryHost {
  const address = path.slice(path.lastIndexOf('/') + 1);
  const folder = `/sys/devices/${path}`;
  return {
    files: below(folder, files),
    // The in-memory host does not look for links behind links.
    links: { [`${DEVICES}/${address}`]: `../../../devices/${path}`, ...below(folder, links), ...below(`${DEVICES}/${address}`, links) },
  };
}

function below(place: string, names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([name, text]) => [`${place}/${name}`, text]));
}

// Texts of kernel 6.1 (Debian) in QEMU.
const CARD = device(
  'pci0000:00/0000:00:06.0/0000:02:00.0',
  {
    uevent:
      'DRIVER=bochs-drm\nPCI_CLASS=38000\nPCI_ID=1234:1111\nPCI_SUBSYS_ID=1AF4:1100\nPCI_SLOT_NAME=0000:02:00.0\nMODALIAS=pci:v00001234d00001111sv00001AF4sd00001100bc03sc80i00\n',
    revision: '0x02\n',
    driver_override: '(null)\n',
    reset_method: 'bus\n',
    power_state: 'D0\n',
    numa_node: '-1\n',
    current_link_speed: '2.5 GT/s PCIe\n',
    max_link_speed: '2.5 GT/s PCIe\n',
    current_link_width: '1\n',
    max_link_width: '1\n',
    resource:
      '0x00000000fc000000 0x00000000fcffffff 0x0000000000042208\n0x0000000000000000 0x0000000000000000 0x0000000000000000\n0x00000000fe608000 0x00000000fe608fff 0x0000000000040200\n',
  },
  { iommu_group: '../../../../kernel/iommu_groups/8' },
);

describe('pciDevices', () => {
  it('reads a device', async () => {
    expect(await valueOf(pciDevices, CARD)).toEqual([
      {
        address: '0000:02:00.0',
        vendor: '1234',
        device: '1111',
        subsystem: '1af4:1100',
        classCode: '038000',
        revision: '02',
        driver: ok('bochs-drm'),
        driverOverride: ABSENT,
        bootVga: ABSENT,
        iommuGroup: ok('8'),
        numaNode: null,
        resetMethods: ok(['bus']),
        link: { currentSpeed: 2.5, maxSpeed: 2.5, currentWidth: 1, maxWidth: 1 },
        bars: [
          { index: 0, sizeBytes: 16_777_216, prefetchable: true, is64Bit: false },
          { index: 2, sizeBytes: 4096, prefetchable: false, is64Bit: false },
        ],
        totalVfs: null,
        numVfs: null,
        physicalFunction: null,
        powerState: 'D0',
        modalias: 'pci:v00001234d00001111sv00001AF4sd00001100bc03sc80i00',
        upstream: ['0000:00:06.0'],
      },
    ]);
  });

  it('reads a device without the file uevent', async () => {
    const files = { vendor: '0x10de\n', device: '0x2684\n', class: '0x030000\n', boot_vga: '1\n' };
    const host = device('pci0000:00/0000:00:01.0/0000:01:00.0', files, { driver: '../../../../bus/pci/drivers/nvidia' });
    expect(await valueOf(pciDevices, host)).toMatchObject([
      { vendor: '10de', device: '2684', classCode: '030000', driver: ok('nvidia'), bootVga: ok(true), subsystem: null },
    ]);
  });

  it('tells a hidden attribute from one that is not there', async () => {
    const host = { ...CARD, unreadable: { '/sys/devices/pci0000:00/0000:00:06.0/0000:02:00.0/reset_method': 'denied' as const } };
    expect(await valueOf(pciDevices, host)).toMatchObject([{ resetMethods: { state: 'unreadable' }, bootVga: ABSENT }]);
  });

  it('reads the widths 0 and 255 of a sleeping card as unknown', async () => {
    for (const width of ['0', '255']) {
      const files = { vendor: '0x10de', device: '0x2684', class: '0x030000', current_link_speed: 'Unknown', current_link_width: width };
      expect(await valueOf(pciDevices, device('pci0000:00/0000:01:00.0', files))).toMatchObject([
        { link: { currentSpeed: null, currentWidth: null } },
      ]);
    }
  });

  it('keeps the five digits of a VMD domain', async () => {
    const files = { vendor: '0x8086', device: '0x0a54', class: '0x010802' };
    const host = device('pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0', files);
    expect(await valueOf(pciDevices, host)).toMatchObject([{ address: '10000:e1:00.0', upstream: ['10000:e0:06.0', '0000:00:0e.0'] }]);
  });

  it('leaves a device out that vanished while it was read', async () => {
    expect(await valueOf(pciDevices, { folders: [`${DEVICES}/0000:01:00.0`] })).toEqual([]);
  });

  it('is an error where there is no such folder', async () => {
    expect(await collect(pciDevices, {})).toMatchObject({ ok: false });
  });
});

describe('parsers', () => {
  it('read speeds of old and new kernels', () => {
    expect(['16.0 GT/s PCIe', '8 GT/s', 'Unknown', null].map(parseLinkSpeed)).toEqual([16, 8, null, null]);
  });

  it('read a 64-bit window of 16 GiB', () => {
    expect(parsePciResources('0x0000004000000000 0x00000043ffffffff 0x000000000014220c')).toEqual([
      { index: 0, sizeBytes: 17_179_869_184, prefetchable: true, is64Bit: true },
    ]);
  });

  it('take any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parsePciResources(text).length).toBeLessThanOrEqual(6);
        expect(parseUevent(text)).toBeNull();
      }),
    );
  });
});

describe('functionsOfSlot', () => {
  it('does not mix slots whose addresses begin alike', async () => {
    const one = { vendor: '0x10de', device: '0x2684', class: '0x030000' };
    const hosts = ['0000:01:00.0', '0000:01:00.1', '10000:01:00.0'].map((address) => device(`pci0000:00/${address}`, one));
    const host = {
      files: Object.assign({}, ...hosts.map(({ files }) => files)),
      links: Object.assign({}, ...hosts.map(({ links }) => links)),
    };
    const found = functionsOfSlot(await valueOf(pciDevices, host), '0000:01:00.0');
    expect(found.map(({ address }) => address)).toEqual(['0000:01:00.0', '0000:01:00.1']);
  });
});
