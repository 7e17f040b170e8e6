import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { textWidth } from '../report/wrap.ts';
import { label, twoLines } from './text.ts';

describe('label', () => {
  it('ends a long text with dots', () => {
    expect([label('fio, random reads', 20), label('fio, random reads of 4 KiB', 12)]).toEqual(['fio, random reads', 'fio, random…']);
  });

  it('shows what could reorder it', () => {
    expect(label('\u202egnp.exe', 30)).toBe(String.raw`\u202egnp.exe`);
  });
});

describe('twoLines', () => {
  it('breaks at a blank', () => {
    expect(twoLines('fio, random reads of 4 KiB', 17)).toEqual(['fio, random reads', 'of 4 KiB']);
  });

  it('leaves a short one on one line', () => {
    expect(twoLines('7-Zip', 17)).toEqual(['7-Zip']);
  });

  it('is never wider than asked, nor longer than two lines', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const lines = twoLines(text, 17);
        expect(lines.length).toBeLessThanOrEqual(2);
        expect(Math.max(...lines.map((line) => textWidth(line)))).toBeLessThanOrEqual(17);
      }),
    );
  });
});
