import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { binsOf } from './bins.ts';

describe('binsOf', () => {
  it('counts each value where it lies, the lower edge included', () => {
    expect(binsOf([0, 1, 1, 2, 3, 3, 3, 4, 5, 6, 7, 8])).toEqual({
      from: 0,
      width: 1,
      counts: [1, 2, 1, 3, 1, 1, 1, 1, 1],
      below: 0,
      above: 0,
    });
  });

  it('gives binary fractions to the bin that a person would', () => {
    const { from, width, counts } = binsOf([0.1, 0.2, 0.3, 0.1 + 0.2, 0.4, 0.5, 0.6, 0.7, 0.8]);
    expect({ from, width, counts }).toEqual({ from: 0.1, width: 0.1, counts: [1, 1, 2, 1, 1, 1, 1, 1] });
  });

  it('makes no bin narrower than what a clock can tell apart', () => {
    const whole = Array.from({ length: 2000 }, (_, index) => 9 + (index % 7));
    expect(binsOf(whole)).toMatchObject({ width: 1, counts: [286, 286, 286, 286, 286, 285, 285] });
  });

  it('one value, however often, is one bin', () => {
    expect(binsOf([7]).counts).toEqual([1]);
    expect(binsOf(Array.from({ length: 1000 }, () => 6.94)).counts).toEqual([1000]);
  });

  it('cuts a tail that would leave one bar, and says how many are in it', () => {
    const values = [...Array.from({ length: 990 }, (_, index) => 5 + (index % 100) / 100), 500, 900];
    const bins = binsOf(values);
    expect(bins.counts.length).toBeGreaterThan(4);
    expect(bins.above).toBe(2);
    expect(bins.counts.reduce((sum, count) => sum + count, 0)).toBe(990);
  });

  it('loses no value and never makes more bins than can be seen', () => {
    const value = fc.oneof(fc.double({ min: -1e15, max: 1e15, noNaN: true }), fc.double({ min: 0, max: 30, noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), (values) => {
        const { counts, below, above } = binsOf(values);
        expect(counts.reduce((sum, count) => sum + count, below + above)).toBe(values.length);
        expect(counts.length).toBeLessThanOrEqual(40);
      }),
    );
  });

  it('takes 1,000,000 values without comparing each with each', () => {
    const values = Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) % 10_007);
    expect(binsOf(values).counts.reduce((sum, count) => sum + count, 0)).toBe(1_000_000);
  });
});
