import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { board, meaningful } from './board.ts';

describe('board', () => {
  it('reads what everybody may read', async () => {
    const files = {
      '/sys/class/dmi/id/board_vendor': 'ASRock\n',
      '/sys/class/dmi/id/board_name': 'X670E Taichi\n',
      '/sys/class/dmi/id/board_version': 'Default string\n',
      '/sys/class/dmi/id/bios_vendor': 'American Megatrends International, LLC.\n',
      '/sys/class/dmi/id/bios_version': '3.16\n',
      '/sys/class/dmi/id/bios_date': '01/17/2025\n',
      '/sys/class/dmi/id/chassis_type': '3\n',
      '/sys/class/dmi/id/board_serial': 'M80-SECRET\n',
      '/sys/class/dmi/id/product_uuid': '00000000-0000-0000-0000-9c6b00000000\n',
    };
    const read = await valueOf(board, { files });
    expect(read).toEqual({
      vendor: 'ASRock',
      name: 'X670E Taichi',
      version: null,
      systemVendor: null,
      systemName: null,
      firmwareVendor: 'American Megatrends International, LLC.',
      firmwareVersion: '3.16',
      firmwareDate: '01/17/2025',
      chassisType: 3,
    });
    expect(JSON.stringify(read)).not.toContain('SECRET');
  });

  it('knows nothing in a container without DMI', async () => {
    expect(Object.values(await valueOf(board, {})).every((value) => value === null)).toBe(true);
  });
});

describe('meaningful', () => {
  it.each(['To Be Filled By O.E.M.', 'Default string', 'System Product Name', ' ', '0000'])('drops the placeholder "%s"', (text) =>
    expect(meaningful(text)).toBeNull(),
  );
  it('gives a trimmed text or null for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(meaningful(text) ?? text.trim()).toBe(text.trim());
      }),
    );
  });
});
