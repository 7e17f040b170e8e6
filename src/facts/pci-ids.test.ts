import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parsePciIds, type PciIdQuery, reducePciIds } from './pci-ids.ts';

// A few entries of https://pci-ids.ucw.cz, 2026 (BSD-3-Clause or GPL-2.0-or-later, here under the former).
const TEXT = `# Syntax:
# vendor  vendor_name
1022  Advanced Micro Devices, Inc. [AMD]
	1480  Starship/Matisse Root Complex
		1462 7c37  X570-A PRO motherboard
1043  ASUSTeK Computer Inc.
	0675  ISDNLink P-IN100-ST-D
10de  NVIDIA Corporation
	2684  AD102 [GeForce RTX 4090]
		1043 889c  ROG Strix
		1462 5103  Gaming X Trio
	22ba  AD102 High Definition Audio Controller
C 03  Display controller
	00  VGA compatible controller
		00  VGA controller
		01  8514 controller
	02  3D controller
C 04  Multimedia controller
	03  Audio device
`;
const GPU: PciIdQuery = { vendor: '10de', device: '2684', subsystem: '1043:889c', classCode: '030000' };

function digits(count: number) {
  return fc.string({ unit: fc.constantFrom('0', '1', 'a'), minLength: count, maxLength: count });
}
const id = fc.record({
  vendor: digits(4),
  device: digits(4),
  subsystem: fc.constantFrom(null, '0000:1111', '1a1a:0000'),
  classCode: digits(6),
});
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom('', '\t', '\t\t', '\t\t0000 ', 'C ', '#'), fc.oneof(digits(4), digits(2)), fc.constantFrom('  name', ' ', ''))
    .map((parts) => parts.join('')),
  fc.string(),
);

describe('parsePciIds', () => {
  it('names a device, its board, the vendors and the classes', () => {
    expect(Object.fromEntries(parsePciIds(TEXT, [GPU]))).toEqual({
      '1043': 'ASUSTeK Computer Inc.',
      '10de': 'NVIDIA Corporation',
      '10de:2684': 'AD102 [GeForce RTX 4090]',
      '10de:2684:1043:889c': 'ROG Strix',
      'class:03': 'Display controller',
      'class:0300': 'VGA compatible controller',
      'class:030000': 'VGA controller',
    });
  });

  it('finds what stands in no order', () => {
    const text = '10de  NVIDIA\n\t2684  AD102\n1022  AMD\n\t1480  Root\n';
    const root = { vendor: '1022', device: '1480', subsystem: null, classCode: '060000' };
    expect([...parsePciIds(text, [GPU, root]).values()].toSorted()).toEqual(['AD102', 'AMD', 'NVIDIA', 'Root']);
  });

  it('names nothing that the file does not have', () => {
    expect(parsePciIds(TEXT, [{ vendor: '8086', device: '2684', subsystem: null, classCode: '120000' }]).size).toBe(0);
    expect(parsePciIds('', [GPU]).size).toBe(0);
  });
});

describe('reducePciIds', () => {
  it('keeps only what is asked for, in the format of the file', () => {
    expect(reducePciIds(TEXT, [GPU])).toBe(
      [
        '1043  ASUSTeK Computer Inc.',
        '10de  NVIDIA Corporation',
        '\t2684  AD102 [GeForce RTX 4090]',
        '\t\t1043 889c  ROG Strix',
        'C 03  Display controller',
        '\t00  VGA compatible controller',
        '\t\t00  VGA controller',
        '',
      ].join('\n'),
    );
  });

  it('gives the same names as the whole file, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.array(line), fc.array(id, { maxLength: 4 }), (lines, ids) => {
        const text = lines.join('\n');
        expect(parsePciIds(reducePciIds(text, ids), ids)).toEqual(parsePciIds(text, ids));
      }),
      { numRuns: 500 },
    );
  });
});
