import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { HOSTILE_TEXTS } from '../../../test/hostile-texts.ts';
import { aMachine, DESKTOP } from '../../../test/machines.ts';
import { CARD } from '../../../test/pci-machines.ts';
import { aReport } from '../../../test/report.ts';
import { elementsOf, parseStrictly, textOf } from '../../../test/strict-html.ts';
import type { Inventory } from '../../inventory/model.ts';
import { inventorySection } from './inventory-section.ts';

function markupOf(given: Partial<Inventory>): string {
  return inventorySection(aReport({ machine: aMachine(DESKTOP, [], given) }))?.body.markup ?? '';
}

/** The cells of each line of each table. */
function linesOf(given: Partial<Inventory>): string[] {
  const rows = elementsOf(parseStrictly(markupOf(given))).filter(({ name }) => name === 'tr');
  return rows.map(({ children }) => children.flatMap((cell) => (typeof cell === 'string' ? [] : [textOf(cell)])).join(' | '));
}

describe('the inventory', () => {
  it('is no part of a report without a machine', () => {
    expect(inventorySection(aReport())).toBeNull();
  });

  it('says of each part that could not be looked at that it could not', () => {
    expect(linesOf({ cpu: null })).toEqual([
      'CPU | (could not be looked at)',
      'Board | (could not be looked at)',
      'Firmware | (could not be looked at)',
      'GPU | (could not be looked at)',
      'Memory | size (could not be looked at), modules (could not be looked at)',
      'Storage | (could not be looked at)',
      'IOMMU | (could not be looked at)',
    ]);
  });

  it('tells GPUs, modules and disks in tables, and not twice', () => {
    const part = { slot: 'DIMM A1', sizeMiB: 16_384, type: 'DDR5', speedMTs: 5600, manufacturer: 'Kingston', partNumber: 'KF556' };
    const lines = linesOf({
      gpus: [CARD, { ...CARD, address: '0000:00:02.0', kind: 'integrated', isPassedThrough: false, isBootDisplay: true, driver: 'i915' }],
      memory: { totalKiB: 16_000_000, numaNodes: 1, modules: [part], emptySlots: 3 },
      disks: [{ name: 'nvme0n1', model: 'Samsung 980', sizeBytes: 1e12, kind: 'NVMe', controller: '0000:02:00.0' }],
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        '0000:00:02.0 | iGPU | NVIDIA AD102 | 8086:1234 | i915 | 12 | boot display',
        '0000:01:00.0 | dGPU | NVIDIA AD102 | 8086:1234 | vfio-pci | 12 | passed through',
        'DIMM A1 | 16 GiB | DDR5 | 5600 MT/s | Kingston | KF556',
        'nvme0n1 | Samsung 980 | 1.0 TB | NVMe | 0000:02:00.0',
      ]),
    );
    expect(lines.filter((line) => line.startsWith('Storage') || line.startsWith('dGPU'))).toEqual([]);
    expect(markupOf({ memory: { totalKiB: 1, numaNodes: 1, modules: [part], emptySlots: 3 } })).toContain('3 empty slots');
  });

  it('does not call a hidden driver none', () => {
    const lines = linesOf({ gpus: [{ ...CARD, driver: null, unknown: ['driver'] }] });
    expect(lines.find((line) => line.startsWith(CARD.address))).toContain('| (could not be looked at) |');
  });

  it('lists what was hidden, why, and how to see it', () => {
    const hidden = [
      { part: 'memory modules', source: '/sys/firmware/dmi/tables/DMI', reason: 'permission denied', hint: 'run passcheck as root' },
      { part: 'Secure Boot', source: '/sys/firmware/efi/efivars', reason: 'not recorded', hint: null },
    ];
    const items = elementsOf(parseStrictly(markupOf({ hidden }))).filter(({ name }) => name === 'li');
    expect(items.map(textOf)).toEqual([
      'memory modules: /sys/firmware/dmi/tables/DMI: permission deniedrun passcheck as root',
      'Secure Boot: /sys/firmware/efi/efivars: not recorded',
    ]);
  });

  it('shows whatever a host calls its parts as text', () => {
    const text = fc.constantFrom(...HOSTILE_TEXTS);
    fc.assert(
      fc.property(text, text, (one, other) => {
        const names = elementsOf(
          parseStrictly(
            markupOf({
              board: { vendor: one, name: other, version: one, system: null },
              gpus: [{ ...CARD, name: one, id: other, driver: one, iommuGroup: other }],
              disks: [{ name: one, model: other, sizeBytes: null, kind: one, controller: other }],
              hidden: [{ part: one, source: other, reason: one, hint: other }],
            }),
          ),
        ).map(({ name }) => name);
        expect([...new Set(names)].toSorted()).toEqual([
          '#page',
          'b',
          'br',
          'caption',
          'code',
          'div',
          'h3',
          'li',
          'table',
          'tbody',
          'td',
          'th',
          'thead',
          'tr',
          'ul',
        ]);
      }),
    );
  });
});
