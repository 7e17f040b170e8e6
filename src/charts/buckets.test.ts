import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bucketsOf } from './buckets.ts';

describe('bucketsOf', () => {
  it('keeps each of a few samples, in the order of time', () => {
    const samples = [
      { atMs: 20, value: 3 },
      { atMs: 0, value: 1 },
      { atMs: 10, value: 2 },
    ];
    expect(bucketsOf(samples).map(({ fromMs, count, low, median, high }) => [fromMs, count, low, median, high])).toEqual([
      [0, 1, 1, 1, 1],
      [10, 1, 2, 2, 2],
      [20, 1, 3, 3, 3],
    ]);
  });

  it('no peak is lost among 100,000 samples', () => {
    const samples = Array.from({ length: 100_000 }, (_, index) => ({ atMs: index, value: index === 43_210 ? 99 : 5 + (index % 3) }));
    const buckets = bucketsOf(samples);
    expect(buckets).toHaveLength(120);
    expect(buckets.filter(({ high }) => high === 99).map(({ fromMs, toMs }) => fromMs <= 43_210 && 43_210 <= toMs)).toEqual([true]);
    expect(buckets.every(({ median }) => median === 6)).toBe(true);
  });

  it('leaves out a span in which nothing was measured', () => {
    const samples = Array.from({ length: 200 }, (_, index) => ({ atMs: index < 100 ? index : 10_000 + index, value: 1 }));
    const buckets = bucketsOf(samples);
    expect(buckets.length).toBeLessThan(6);
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(200);
  });

  it('samples that were all taken at once are one span', () => {
    expect(bucketsOf(Array.from({ length: 500 }, (_, value) => ({ atMs: 7, value })))).toMatchObject([{ count: 500, low: 0, high: 499 }]);
  });

  it('counts each sample once, and bounds it', () => {
    const number = fc.double({ min: -1e15, max: 1e15, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.record({ atMs: number, value: number }), { maxLength: 400 }), (samples) => {
        const buckets = bucketsOf(samples);
        expect(buckets.length).toBeLessThanOrEqual(120);
        expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(samples.length);
        for (const { low, median, high } of buckets) expect(low <= median && median <= high).toBe(true);
      }),
    );
  });
});
