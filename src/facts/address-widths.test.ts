import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { addressWidths } from './address-widths.ts';

const CPUINFO = { '/proc/cpuinfo': 'processor\t: 0\nvendor_id\t: GenuineIntel\naddress sizes\t: 46 bits physical, 48 bits virtual\n\n' };
const cap = (unit: string): string => `/sys/class/iommu/${unit}/intel-iommu/cap`;

describe('addressWidths', () => {
  it.each([
    // Widest address 39 bits, tables of three levels (39): a client. The rest of the register is zero.
    ['0000000000260200', 39],
    ['260600', 39],
    ['2f0600', 48],
    // As wide as the tables reach, not as the field says.
    ['2f0200', 39],
    ['380f00', 57],
    ['260000', 39],
  ])('reads the width of an IOMMU from the register %s', async (text, bits) => {
    const files = { ...CPUINFO, [cap('dmar0')]: `${text}\n` };
    expect(await valueOf(addressWidths, { files })).toEqual({ cpuBits: 46, intelUnits: [{ source: cap('dmar0'), bits }] });
  });

  it('has no units on AMD and without an IOMMU', async () => {
    expect(await valueOf(addressWidths, { files: CPUINFO })).toEqual({ cpuBits: 46, intelUnits: [] });
    expect(await valueOf(addressWidths, { files: { ...CPUINFO, '/sys/class/iommu/ivhd0/amd-iommu/cap': '40\n' } })).toMatchObject({
      intelUnits: [],
    });
  });

  it('does not guess', async () => {
    expect(await valueOf(addressWidths, { files: { '/proc/cpuinfo': 'processor: 0\n' } })).toMatchObject({ cpuBits: null });
    const hosts: readonly MemoryHost[] = [
      { files: { ...CPUINFO, [cap('dmar0')]: 'zz' } },
      { files: { ...CPUINFO, '/sys/class/iommu/dmar0/intel-iommu/ecap': '1' } },
      { files: CPUINFO, unreadable: { '/sys/class/iommu': 'denied' } },
      {},
    ];
    for (const host of hosts) expect(await collect(addressWidths, host)).toMatchObject({ ok: false });
  });
});
