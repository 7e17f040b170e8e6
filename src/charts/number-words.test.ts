import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { grouped, numberWords, overheadWords, quantity, ratioWords } from './number-words.ts';

describe('numberWords', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [6.94, '6.94'],
    [6.944444, '6.944'],
    [22.13, '22.13'],
    [999.96, '1,000'],
    [61_407.5, '61,408'],
    [412_561, '412,561'],
    [-1234.5, '−1,235'],
    [-0.5, '−0.5'],
    [0.00012, '0.00012'],
    [0.000012, '1.2e-5'],
    [1e15, '1e+15'],
    [1e308, '1e+308'],
    [5e-324, '4.941e-324'],
  ])('%d is %s', (value, words) => {
    expect(numberWords(value)).toBe(words);
  });

  it('says a number that differs by less than it shows no one from the number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const read = Number(numberWords(value, 6).replace('−', '-').replaceAll(',', ''));
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-5);
      }),
    );
  });
});

describe('quantity', () => {
  it('has the unit behind it, where there is one', () => {
    expect([quantity(8.36, 'ms'), quantity(8.36, '')]).toEqual(['8.36 ms', '8.36']);
  });
});

describe('ratios', () => {
  it.each([
    [1.0196, '1.0196', '+1.96 %'],
    [1, '1.0000', '+0.00 %'],
    [0.99999, '1.0000', '+0.00 %'],
    [0.9589, '0.9589', '−4.11 %'],
    [250, '250', '+24,900 %'],
  ])('%d is %s, %s', (ratio, words, overhead) => {
    expect([ratioWords(ratio), overheadWords(ratio)]).toEqual([words, overhead]);
  });

  it.each([1e308, -1e308])('a ratio of %d has no overhead without an end', (ratio) => {
    expect(overheadWords(ratio)).toMatch(/^[+−]1\.798e\+308 %$/);
  });
});

describe('grouped', () => {
  it('puts commas between thousands', () => {
    expect([0, 999, 1000, 2_882_000].map((count) => grouped(count))).toEqual(['0', '999', '1,000', '2,882,000']);
  });
});
