import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aMeasurement, ofValues } from '../../test/measurements.ts';
import { histogram } from './histogram.ts';

const VALUES = [0, 1, 1, 2, 3, 3, 3, 4, 5, 6, 7, 8];
const LIMITED = ofValues(VALUES, {
  figures: [
    { name: 'median', value: 3 },
    { name: 'p95', value: 7.5 },
    { name: 'p99', value: 8 },
  ],
  limit: { figure: 'p95', value: 10, kind: 'below' },
});

describe('histogram', () => {
  it('draws a bar in the middle of each range, and has a row for each', () => {
    const chart = histogram(LIMITED, VALUES);
    const [first, second] = chart?.config.data.datasets[0]?.data ?? [];
    expect([first, second]).toEqual([
      { x: 0.5, y: 1 },
      { x: 1.5, y: 2 },
    ]);
    expect(chart?.table.columns).toEqual(['From (ms)', 'To below (ms)', 'Values', 'Share']);
    expect(chart?.table.rows.slice(0, 2)).toEqual([
      ['0', '1', '1', '8.3 %'],
      ['1', '2', '2', '16.7 %'],
    ]);
    expect(chart?.table.rows).toHaveLength(chart?.config.data.datasets[0]?.data.length ?? 0);
  });

  it('marks the figures of the measurement and the limit', () => {
    expect(histogram(LIMITED, VALUES)?.config.options?.plugins?.referenceLines?.lines).toMatchObject([
      { label: 'median 3 ms', value: 3 },
      { label: 'p95 7.5 ms', value: 7.5 },
      { label: 'p99 8 ms', value: 8 },
      { label: 'p95 limit 10 ms', value: 10 },
    ]);
  });

  it('is longer for a limit that is near, not for one that is far', () => {
    const far = { ...LIMITED, limit: { figure: 'p95', value: 100, kind: 'below' } as const };
    expect(histogram(LIMITED, VALUES)?.config.options?.scales?.['x']).toMatchObject({ min: 0, max: 11 });
    expect(histogram(far, VALUES)?.config.options?.scales?.['x']).toMatchObject({ min: 0, max: 10 });
  });

  it('says in words what one sees, and whether the limit is kept', () => {
    expect(histogram(LIMITED, VALUES)?.alt).toBe(
      'Histogram of 12 values, most often from 3 to 4 ms; median 3 ms; p95 7.5 ms; p99 8 ms; p95 is 7.5 ms and has to be below 10 ms: keeps the limit.',
    );
  });

  it('has a bar of its own for what lies far outside, and says how far', () => {
    const body = Array.from({ length: 990 }, (_, index) => 5 + (index % 100) / 100);
    const limited = { ...LIMITED, limit: { figure: 'p99', value: 600, kind: 'below' } as const };
    const chart = histogram(limited, [...body, 500, 900]);
    const [first = 0, end = 0] = chart?.config.options?.plugins?.referenceLines?.within ?? [];
    const x = chart?.config.options?.scales?.['x'];
    expect(chart?.config.data.datasets[0]?.data.at(-1)).toMatchObject({ y: 2 });
    expect([x?.min, Number(x?.max) > end, end < 10]).toEqual([first, true, true]);
    expect(chart?.config.options?.plugins?.barNotes?.notes).toMatchObject([
      { y: 2, side: 'left', lines: [`≥ ${end} ms: 2`, 'up to 900 ms', '1 above 600 ms'] },
    ]);
    expect(chart?.table.rows.at(-1)).toEqual([String(end), '900, the highest', '2', '0.2 %']);
    expect(chart?.alt).toContain('2, up to 900 ms, 1 above 600 ms');
    expect(chart?.table.rows).toHaveLength(chart?.config.data.datasets[0]?.data.length ?? 0);
  });

  it('has each value in one bar, and a place on the axis for each bar', () => {
    const value = fc.oneof(fc.double({ min: -1e15, max: 1e15, noNaN: true }), fc.double({ min: 0, max: 30, noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (values) => {
        const chart = histogram(LIMITED, values);
        const bars = (chart?.config.data.datasets[0]?.data ?? []) as { x: number; y: number }[];
        const { min, max } = chart?.config.options?.scales?.['x'] ?? {};
        expect(bars.reduce((sum, { y }) => sum + y, 0)).toBe(values.length);
        expect(bars.every(({ x }) => x >= Number(min) && x <= Number(max))).toBe(true);
        expect(chart?.table.rows).toHaveLength(bars.length);
      }),
    );
  });

  it('has one for what lies far below, too', () => {
    const body = Array.from({ length: 990 }, (_, index) => 500 + (index % 100));
    const notes = histogram(aMeasurement(), [-9000, ...body])?.config.options?.plugins?.barNotes?.notes;
    expect(notes).toMatchObject([{ y: 1, side: 'right', lines: [expect.stringMatching(/^< 500 ms: 1$/), 'down to −9,000 ms'] }]);
  });

  it('says how many values are too large to be drawn', () => {
    const chart = histogram(aMeasurement(), [1, 2, 3, 1e308]);
    expect(chart?.alt).toContain('Histogram of 3 values');
    expect(chart?.alt).toContain('1 too large to be drawn');
  });

  it('says in picture and data that it is made up', () => {
    const chart = histogram({ ...LIMITED, synthetic: true }, VALUES);
    expect(chart?.isSynthetic).toBe(true);
    expect(chart?.config.options?.plugins?.mark).toMatchObject({ text: 'SYNTHETIC' });
    expect(histogram(LIMITED, VALUES)?.config.options?.plugins?.mark).toBeUndefined();
  });

  it.each([[[]], [[1e308]]])('of %j there is none', (values) => {
    expect(histogram(aMeasurement(), values)).toBeNull();
  });

  it('of negative values begins below zero', () => {
    expect(histogram(aMeasurement(), [-5, -3, -1])?.config.options?.scales?.['x']).toMatchObject({ min: expect.closeTo(-5.5, 0) });
  });
});
