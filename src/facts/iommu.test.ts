import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { iommu, iommuVendor, isIommuInForce, parseReservedRegions } from './iommu.ts';

const GROUP = '/sys/kernel/iommu_groups/12';
const TABLES = '/sys/firmware/acpi/tables';

describe('iommu', () => {
  it('reads an Intel host', async () => {
    const value = await valueOf(iommu, {
      files: {
        '/sys/class/iommu/dmar0/intel-iommu/ecap': 'f00f4a\n',
        [`${GROUP}/type`]: 'identity\n',
        [`${GROUP}/reserved_regions`]: '0x00000000fee00000 0x00000000feefffff msi\n',
        [`${TABLES}/FACP`]: '',
        [`${TABLES}/DMAR`]: '',
      },
      links: { [`${GROUP}/devices/0000:01:00.0`]: '../../../../devices/pci0000:00/0000:01:00.0' },
      unreadable: { [`${TABLES}/DMAR`]: 'denied' },
    });
    expect(value).toMatchObject({
      instances: ['dmar0'],
      groups: [{ id: '12', devices: ['0000:01:00.0'], type: { value: 'identity' }, name: { state: 'absent' } }],
      firmwareTables: { value: ['DMAR'] },
      dmar: { state: 'unreadable', reason: 'denied' },
      intelCanRemapInterrupts: true,
    });
    expect(isIommuInForce(value)).toBe(true);
    expect(iommuVendor(value)).toBe('intel');
  });

  it('knows a unit that cannot remap interrupts by its extended capabilities', async () => {
    const ecap = '/sys/class/iommu/dmar0/intel-iommu/ecap';
    expect(await valueOf(iommu, { files: { [ecap]: 'f00f42\n' } })).toMatchObject({ intelCanRemapInterrupts: false });
    expect(await valueOf(iommu, { files: { [ecap]: 'rubbish\n' } })).toMatchObject({ intelCanRemapInterrupts: null });
  });

  it('tells tables that are not there from tables that a container hides', async () => {
    const none = await valueOf(iommu, { files: { [`${TABLES}/FACP`]: '', [`${TABLES}/APIC`]: '' } });
    expect(none).toMatchObject({ firmwareTables: { state: 'ok', value: [] }, dmar: { state: 'absent' } });
    expect(await valueOf(iommu, {})).toMatchObject({ firmwareTables: { state: 'unreadable' }, dmar: { state: 'unreadable' } });
    expect(await valueOf(iommu, { folders: [TABLES] })).toMatchObject({ firmwareTables: { state: 'unreadable' } });
    expect(await valueOf(iommu, { unreadable: { [TABLES]: 'not-recorded' } })).toMatchObject({
      firmwareTables: { state: 'unreadable', reason: 'not-recorded' },
    });
  });

  it('does not count groups that VFIO made up without an IOMMU', async () => {
    const value = await valueOf(iommu, {
      files: { '/sys/kernel/iommu_groups/0/name': 'vfio-noiommu\n' },
      folders: ['/sys/class/iommu/dmar0'],
    });
    expect(isIommuInForce(value)).toBe(false);
  });

  it('lists the drivers of members that are no PCI devices', async () => {
    const value = await valueOf(iommu, {
      folders: [`${GROUP}/devices/AMDI0020:01`],
      links: { [`${GROUP}/devices/AMDI0020:00/driver`]: '../../bus/platform/drivers/dw-apb-uart' },
    });
    expect(value.groups[0]?.otherDrivers).toEqual({
      'AMDI0020:00': { state: 'ok', value: 'dw-apb-uart' },
      'AMDI0020:01': { state: 'absent' },
    });
  });

  it('sorts groups by number', async () => {
    const value = await valueOf(iommu, { folders: ['10', '9', '0', 'x'].map((id) => `/sys/kernel/iommu_groups/${id}`) });
    expect(value.groups.map(({ id }) => id)).toEqual(['0', '9', '10']);
  });

  it('fails when the groups were not recorded, which is not the same as none', async () => {
    expect(await collect(iommu, { unreadable: { '/sys/kernel/iommu_groups': 'not-recorded' } })).toMatchObject({
      ok: false,
      error: { source: '/sys/kernel/iommu_groups' },
    });
  });

  it('reads reserved regions and takes any text for them', () => {
    expect(parseReservedRegions('0x0000000000000000 0x0000000000ffffff direct-relaxable\nrubbish\n')).toEqual([
      { start: 0n, end: 0xffffffn, type: 'direct-relaxable' },
    ]);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseReservedRegions(text)).toBeInstanceOf(Array);
      }),
    );
  });
});
