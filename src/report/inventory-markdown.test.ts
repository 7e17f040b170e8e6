import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Inventory, InventoryDevice } from '../inventory/model.ts';
import { renderInventoryMarkdown } from './inventory-markdown.ts';
import { CONTROL_CHARACTERS } from './sanitize.ts';

const GPU: InventoryDevice = {
  address: '0000:01:00.0',
  id: '10de:2684',
  name: 'NVIDIA Corporation AD102 [GeForce RTX 4090]',
  className: 'VGA compatible controller',
  classCode: '030000',
  subsystem: '1043:889c',
  driver: 'vfio-pci',
  iommuGroup: '12',
  upstream: ['0000:00:01.1'],
};
const AUDIO: InventoryDevice = {
  ...GPU,
  address: '0000:01:00.1',
  id: '10de:22ba',
  name: 'NVIDIA Corporation AD102 High Definition Audio Controller',
  className: 'Audio device',
  classCode: '040300',
};
const INTEGRATED: InventoryDevice = {
  address: '0000:10:00.0',
  id: '1002:164e',
  name: 'Advanced Micro Devices, Inc. [AMD/ATI] Raphael',
  className: 'VGA compatible controller',
  classCode: '030000',
  subsystem: null,
  driver: 'amdgpu',
  iommuGroup: '9',
  upstream: ['0000:00:08.1'],
};
const BRIDGE: InventoryDevice = {
  address: '0000:00:00.0',
  id: '1022:14d8',
  name: 'Advanced Micro Devices, Inc. [AMD] Raphael/Granite Ridge Root Complex',
  className: 'Host bridge',
  classCode: '060000',
  upstream: [],
  subsystem: null,
  driver: null,
  iommuGroup: null,
  unknown: ['iommuGroup'],
};

const DESKTOP: Inventory = {
  schema: 1,
  tool: { name: 'passcheck', version: '0.1.0' },
  host: 'gaia',
  system: { distribution: 'Arch Linux', kernel: '6.17.8-arch1-1' },
  takenAt: '2026-11-20T09:00:00.000Z',
  cpu: {
    model: 'AMD Ryzen 9 7950X3D 16-Core Processor',
    vendor: 'amd',
    microcode: '0xa601206',
    packages: 1,
    cores: 16,
    threads: 32,
    performanceCores: null,
    efficiencyCores: null,
    l3MiB: [96, 32],
    virtualization: 'AMD-V',
    isNested: false,
    cells: null,
    offline: [],
  },
  board: {
    vendor: 'ASUSTeK COMPUTER INC.',
    name: 'ROG STRIX X670E-E GAMING WIFI',
    version: 'Rev 1.xx',
    system: 'ASUS System Product Name',
  },
  firmware: { vendor: 'American Megatrends Inc.', version: '2214', date: '08/20/2025', isUefi: true, secureBoot: false },
  memory: {
    totalKiB: 65_536_000,
    numaNodes: 1,
    modules: [
      { slot: 'DIMM_A2', sizeMiB: 32_768, type: 'DDR5', speedMTs: 6000, manufacturer: 'G Skill Intl', partNumber: 'F5-6000J3040G32G' },
    ],
    emptySlots: 3,
  },
  gpus: [
    { ...GPU, kind: 'discrete', isPassedThrough: true, isLikely: false, isBootDisplay: false },
    { ...INTEGRATED, kind: 'integrated', isPassedThrough: false, isLikely: false, isBootDisplay: true },
  ],
  disks: [{ name: 'nvme0n1', model: 'Samsung SSD 990 PRO 2TB', sizeBytes: 2_000_398_934_016, kind: 'NVMe', controller: '0000:02:00.0' }],
  pciDevices: [BRIDGE, GPU, AUDIO, INTEGRATED],
  iommu: { instances: ['ivhd0'], groups: 25, others: [{ group: '0', name: 'AMDI0010:00' }] },
  hidden: [
    { part: 'iommuGroup of 0000:00:00.0', source: '/sys/bus/pci/devices/0000:00:00.0', reason: 'could not be looked at', hint: null },
  ],
};

describe('the inventory as a document', () => {
  it('looks as it should', async () => {
    await expect(renderInventoryMarkdown(DESKTOP)).toMatchFileSnapshot('../../fixtures/reports/inventory.markdown');
  });

  it('says of each part that could not be looked at that it was not', () => {
    const nothing = { ...DESKTOP, cpu: null, board: null, firmware: null, gpus: null, disks: null, pciDevices: null, iommu: null };
    const text = renderInventoryMarkdown({ ...nothing, memory: { totalKiB: null, numaNodes: null, modules: null, emptySlots: null } });
    for (const part of ['CPU', 'Board', 'Firmware', 'GPU', 'Storage', 'IOMMU']) {
      expect(text).toContain(`| ${part} | (could not be looked at) |`);
    }
  });

  it('claims nothing of a GPU that is only the likely one', () => {
    const gpus = [{ ...GPU, kind: 'discrete', isPassedThrough: false, isLikely: true, isBootDisplay: false }] as const;
    const text = renderInventoryMarkdown({ ...DESKTOP, gpus });
    expect(text).toContain('IOMMU group 12, likely GPU |');
    expect(text).not.toContain('passed through');
  });

  it('leaves out the date where the recording has none', () => {
    const text = renderInventoryMarkdown({ ...DESKTOP, takenAt: null });
    expect(text).not.toContain('looked at on');
    expect(text).toContain('Arch Linux · kernel 6.17.8-arch1-1 · passcheck 0.1.0');
  });

  it('counts the groups of the devices where the IOMMU itself was not seen', () => {
    expect(renderInventoryMarkdown({ ...DESKTOP, iommu: null })).toContain(
      '| IOMMU | 2 groups with PCI devices, unit (could not be looked at) |',
    );
  });

  it.each([
    ['1234:1111', '0000:00:02.0 \\[1234:1111\\]'],
    ['Red Hat, Inc. 1234:1111', '0000:00:02.0 Red Hat, Inc. \\[1234:1111\\]'],
  ])('does not repeat the id of %s as its name', (name, words) => {
    const device = { ...GPU, address: '0000:00:02.0', id: '1234:1111', name };
    const gpus = [{ ...device, kind: 'discrete', isPassedThrough: false, isLikely: false, isBootDisplay: false }] as const;
    const text = renderInventoryMarkdown({ ...DESKTOP, gpus, pciDevices: [device] });
    expect(text).toContain(`| ${words}, driver`);
    expect(text.match(/1234:1111/g)).toHaveLength(2);
  });

  it('has every device in a row of its own, whatever it calls itself', () => {
    const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a | b', '\u001b[2J', '`', 'x\ny', '\u202e', '<b>', '\\'));
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, className, driver) => {
        const text = renderInventoryMarkdown({ ...DESKTOP, host: name, pciDevices: [{ ...GPU, name, className, driver }] });
        const rows = text.split('\n').filter((line) => line.includes('`10de:2684`'));
        expect(rows).toHaveLength(1);
        expect(rows[0]?.replaceAll(/\\[\\|]/g, '').split('|')).toHaveLength(8);
        for (const line of text.split('\n')) expect(line.match(CONTROL_CHARACTERS)).toBeNull();
      }),
    );
  });
});
