import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { interrupts, parseInterrupts } from './interrupts.ts';

// Recorded in a virtual machine (Debian 12, kernel 6.1, AMD IOMMU).
const AMD = `           CPU0       CPU1       
  0:        100          0  IR-IO-APIC   2-edge      timer
 24:          0          0   PCI-MSI 16384-edge      AMD-Vi
 25:          0          0  IR-PCI-MSI 65536-edge      PCIe PME, aerdrv
 27:          0        491  IR-PCI-MSI 49153-edge      virtio0-requests
NMI:          0          0   Non-maskable interrupts
ERR:          0
MIS:          0
`;

// Recorded in a virtual machine (kernel 6.18, no IOMMU).
const PER_DEVICE = `           CPU0       CPU1       
 26:          0         14  IO-APIC   4-edge      ttyS0
 28:          0          0 PCI-MSIX-0000:00:01.0   0-edge      virtio0-config
 31:          0        228 PCI-MSIX-0000:00:01.0   3-edge      virtio0-stats
`;

describe('interrupts', () => {
  it('leaves out the messages of the AMD IOMMU itself, which are never remapped', () => {
    expect(parseInterrupts(AMD)).toEqual([
      { number: 0, controller: 'IR-IO-APIC', description: '2-edge timer', kind: 'io-apic', isRemapped: true },
      { number: 24, controller: 'PCI-MSI', description: '16384-edge AMD-Vi', kind: 'other', isRemapped: false },
      { number: 25, controller: 'IR-PCI-MSI', description: '65536-edge PCIe PME, aerdrv', kind: 'msi', isRemapped: true },
      { number: 27, controller: 'IR-PCI-MSI', description: '49153-edge virtio0-requests', kind: 'msi', isRemapped: true },
    ]);
  });

  it('leaves out the messages of the Intel IOMMU itself and of timers', () => {
    const text = '  CPU0\n 24: 0  DMAR-MSI   0-edge      dmar0\n 25: 5  HPET-MSI 3-edge hpet3\n 26: 1 IOMMU-MSI 1-edge AMD-Vi0-Evt\n';
    expect(parseInterrupts(text).map(({ kind }) => kind)).toEqual(['other', 'other', 'other']);
  });

  it('reads the controllers of newer kernels, which name the device', () => {
    expect(parseInterrupts(PER_DEVICE)).toMatchObject([
      { kind: 'io-apic', isRemapped: false },
      { controller: 'PCI-MSIX-0000:00:01.0', kind: 'msi', isRemapped: false },
      { kind: 'msi', isRemapped: false },
    ]);
    const remapped = '  CPU0\n 30: 1 IR-PCI-MSI-0000:00:1f.2 0-edge ahci[0000:00:1f.2]\n 31: 1 IR-PCI-MSIX-0000:01:00.0 0-edge x\n';
    expect(parseInterrupts(remapped)).toMatchObject([
      { controller: 'IR-PCI-MSI-0000:00:1f.2', kind: 'msi', isRemapped: true },
      { kind: 'msi', isRemapped: true },
    ]);
  });

  it('reads the controllers of old kernels, which had the trigger in the name', () => {
    expect(parseInterrupts('  CPU0 CPU1\n 40: 1 2 IR-PCI-MSI-edge eth0\n')).toMatchObject([{ kind: 'msi', isRemapped: true }]);
  });

  it('says nothing by interrupts behind an Intel volume management device', () => {
    expect(parseInterrupts('  CPU0\n 40: 1 VMD-MSI 120 nvme0q0\n')).toMatchObject([{ kind: 'other' }]);
  });

  it('fails when the file cannot be read', async () => {
    expect(await collect(interrupts, { unreadable: { '/proc/interrupts': 'denied' } })).toMatchObject({
      ok: false,
      error: { source: '/proc/interrupts' },
    });
    expect(await valueOf(interrupts, { files: { '/proc/interrupts': AMD } })).toHaveLength(4);
  });

  it('takes any text', () => {
    const line = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.string()).map(([number, rest]) => ` ${number}: ${rest}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
        for (const { controller } of parseInterrupts(lines.join('\n'))) expect(controller).not.toBe('');
      }),
    );
  });
});
