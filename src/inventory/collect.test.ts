import { describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { createFactStore } from '../engine/fact-store.ts';
import { memoryHost, type MemoryHost } from '../host/memory.ts';
import { collectInventoryFacts, toInventory } from './collect.ts';
import type { Inventory } from './model.ts';

async function inventoryOf(host: MemoryHost, isRecorded = false): Promise<Inventory> {
  const store = createFactStore({ host: memoryHost(host), context: { config: DEFAULT_CONFIG }, now: () => 0 });
  return toInventory(await collectInventoryFacts(store), { version: '0.1.0', takenAt: '2026-11-20T09:00:00.000Z', isRecorded });
}

function device(address: string, id: string, classCode: string, files: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [vendor = '', number = ''] = id.split(':');
  const all = { vendor: `0x${vendor}\n`, device: `0x${number}\n`, class: `0x${classCode}\n`, ...files };
  return Object.fromEntries(Object.entries(all).map(([name, text]) => [`/sys/bus/pci/devices/${address}/${name}`, text]));
}

const IDS =
  '10de  NVIDIA Corporation\n\t2684  AD102 [GeForce RTX 4090]\n8086  Intel Corporation\nC 03  Display controller\n\t00  VGA compatible controller\n';

const DESKTOP: MemoryHost = {
  files: {
    '/proc/meminfo': 'MemTotal:       65536000 kB\n',
    '/usr/share/misc/pci.ids': IDS,
    '/sys/class/dmi/id/board_vendor': 'ASUSTeK COMPUTER INC.\n',
    '/sys/class/dmi/id/board_name': 'ROG STRIX\n',
    ...device('0000:00:02.0', '8086:4680', '030000', { boot_vga: '1\n' }),
    ...device('0000:01:00.0', '10de:2684', '030000', { boot_vga: '0\n' }),
    ...device('0000:06:00.0', '1a03:2000', '030000'),
  },
  links: {
    '/sys/bus/pci/devices/0000:00:02.0/driver': '../../../bus/pci/drivers/i915',
    '/sys/bus/pci/devices/0000:01:00.0/driver': '../../../bus/pci/drivers/vfio-pci',
    '/sys/bus/pci/devices/0000:01:00.0/iommu_group': '../../../kernel/iommu_groups/12',
  },
};

describe('the inventory', () => {
  it('tells integrated, discrete and management graphics apart, with driver and group', async () => {
    const { gpus } = await inventoryOf(DESKTOP);
    expect(gpus).toMatchObject([
      { address: '0000:00:02.0', kind: 'integrated', isBootDisplay: true, driver: 'i915', iommuGroup: null },
      {
        address: '0000:01:00.0',
        kind: 'discrete',
        isBootDisplay: false,
        driver: 'vfio-pci',
        iommuGroup: '12',
        name: 'NVIDIA Corporation AD102 [GeForce RTX 4090]',
        className: 'VGA compatible controller',
      },
      { address: '0000:06:00.0', kind: 'management' },
    ]);
  });

  it('says which parts it could not look at, and gives null for them', async () => {
    const found = await inventoryOf({});
    expect(found).toMatchObject({ cpu: null, pciDevices: null, gpus: null, memory: { totalKiB: null, modules: null } });
    const parts = found.hidden.map(({ part }) => part);
    for (const part of ['CPU', 'size of the memory', 'memory modules', 'PCI devices']) expect(parts).toContain(part);
  });

  it('does not take a Secure Boot that nothing tells of for off', async () => {
    const unseen = await inventoryOf({ ...DESKTOP, folders: ['/sys/firmware/efi'] });
    expect(unseen.firmware).toMatchObject({ isUefi: true, secureBoot: null });
    expect(unseen.hidden).toContainEqual(expect.objectContaining({ part: 'Secure Boot', hint: 'Run mokutil --sb-state' }));
    const bios = await inventoryOf({ ...DESKTOP, folders: ['/sys/firmware/acpi'] });
    expect(bios.firmware).toMatchObject({ isUefi: false, secureBoot: false });
    expect(bios.hidden.map(({ part }) => part)).not.toContain('Secure Boot');
  });

  it('knows the NUMA node of a device where the kernel does', async () => {
    const files = { '/sys/bus/pci/devices/0000:01:00.0/numa_node': '1\n', '/sys/bus/pci/devices/0000:06:00.0/numa_node': '-1\n' };
    const { gpus } = await inventoryOf({ ...DESKTOP, files: { ...DESKTOP.files, ...files } });
    expect(gpus?.map(({ numaNode }) => numaNode)).toEqual([undefined, 1, undefined]);
  });

  it('does not take a hidden driver or group for none', async () => {
    const unreadable = {
      '/sys/bus/pci/devices/0000:01:00.0/driver': 'denied',
      '/sys/bus/pci/devices/0000:01:00.0/iommu_group': 'denied',
    } as const;
    const { pciDevices, hidden } = await inventoryOf({ ...DESKTOP, unreadable });
    expect(pciDevices).toContainEqual(
      expect.objectContaining({ address: '0000:01:00.0', driver: null, unknown: ['driver', 'iommuGroup'] }),
    );
    expect(hidden.map(({ part }) => part)).toContain('driver of 0000:01:00.0');
  });

  it('tells a field that many devices hide in one part', async () => {
    const paths = ['0000:00:02.0', '0000:01:00.0', '0000:06:00.0'].map((name) => `/sys/bus/pci/devices/${name}/iommu_group`);
    const links = Object.fromEntries(paths.map((path) => [path, '../../../kernel/iommu_groups/1']));
    const unreadable = Object.fromEntries(paths.map((path) => [path, 'not-recorded' as const]));
    const { hidden } = await inventoryOf({ ...DESKTOP, links, unreadable });
    const parts = hidden.filter(({ part }) => part.startsWith('IOMMU group of'));
    expect(parts).toEqual([expect.objectContaining({ part: 'IOMMU group of 3 PCI devices', source: '/sys/bus/pci/devices/*' })]);
  });

  it('tells a GPU that is passed through from one that only could be', async () => {
    const bound = await inventoryOf({ ...DESKTOP, folders: ['/sys/bus/pci/drivers/vfio-pci'] });
    expect(bound.gpus?.[1]).toMatchObject({ isPassedThrough: true, isLikely: false });
    const { links = {} } = DESKTOP;
    const free = { ...links, '/sys/bus/pci/devices/0000:01:00.0/driver': '../../../bus/pci/drivers/nouveau' };
    expect((await inventoryOf({ ...DESKTOP, links: free })).gpus?.[1]).toMatchObject({ isPassedThrough: false, isLikely: true });
  });

  it('gives no advice about a recording that only helps on the host', async () => {
    const unreadable = { '/proc/meminfo': 'denied', '/sys/block': 'not-recorded' } as const;
    const hints = (await inventoryOf({ ...DESKTOP, unreadable }, true)).hidden.map(({ hint }) => hint ?? '');
    expect(hints.filter((hint) => /run passcheck|by hand|snapshot/.test(hint))).toEqual([]);
    expect(hints).toContain('it was hidden from the user who recorded this host: record it again as root');
  });

  it('says that names are missing without pci.ids', async () => {
    const { files = {}, ...rest } = DESKTOP;
    const { '/usr/share/misc/pci.ids': _ids, ...without } = files;
    const { gpus, hidden } = await inventoryOf({ ...rest, files: without });
    expect(gpus?.[1]).toMatchObject({ name: '10de:2684' });
    expect(hidden.map(({ part }) => part)).toContain('names of PCI devices');
  });

  it('gives the same bytes for the same host', async () => {
    expect(JSON.stringify(await inventoryOf(DESKTOP))).toBe(JSON.stringify(await inventoryOf(DESKTOP)));
  });
});
