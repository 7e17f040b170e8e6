import { describe, expect, it } from 'vitest';

import { aMeasurement } from '../../test/measurements.ts';
import { timeLine } from './time-line.ts';

const steps = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('timeLine', () => {
  it('draws each of a few values', () => {
    const chart = timeLine(aMeasurement(), [5, 9, 7], [1000, 1500, 3000]);
    expect(chart?.config.data.datasets).toMatchObject([
      {
        label: 'each value',
        data: [
          { x: 0, y: 5 },
          { x: 0.5, y: 9 },
          { x: 2, y: 7 },
        ],
      },
    ]);
    expect(chart?.table.rows).toEqual([
      ['0.00', '0.00', '1', '5', '5', '5'],
      ['0.50', '0.50', '1', '9', '9', '9'],
      ['2.00', '2.00', '1', '7', '7', '7'],
    ]);
  });

  it('draws the median of each span and the band of all values of many', () => {
    const chart = timeLine(
      aMeasurement(),
      steps(6000).map((index) => 5 + (index % 10)),
      steps(6000),
    );
    expect(chart?.config.data.datasets.map(({ label }) => label)).toEqual(['median of a span', 'lowest to highest of it', '']);
    expect(chart?.config.data.datasets.map(({ data }) => data.length)).toEqual([120, 120, 120]);
    expect(chart?.table.rows).toHaveLength(120);
    expect(chart?.table.rows[0]).toEqual(['0.00', '0.05', '50', '5', '9.5', '14']);
  });

  it('says where the extremes are', () => {
    expect(timeLine(aMeasurement(), [5, 9, 7], [0, 500, 2000])?.alt).toBe(
      '3 values over 2 s: the lowest is 5 ms at 0 s, the highest 9 ms at 0.5 s; the medians of 3 spans lie between 5 ms and 9 ms.',
    );
  });

  it('shows the limit', () => {
    const chart = timeLine(aMeasurement({ limit: { figure: 'p95', value: 12, kind: 'below' } }), [5, 9, 7], [0, 1, 2]);
    expect(chart?.config.options?.plugins?.referenceLines).toMatchObject({ axis: 'y', lines: [{ value: 12, label: 'p95 limit 12 ms' }] });
    expect(chart?.config.options?.scales?.['y']).toMatchObject({ max: 14 });
  });

  it('takes as many values as there are times', () => {
    expect(timeLine(aMeasurement(), [1, 2, 3, 4], [0, 10])?.table.rows).toHaveLength(2);
  });

  it.each([
    [[1, 2, 3], undefined],
    [
      [1, 2, 3],
      [7, 7, 7],
    ],
    [[], []],
    [
      [1, 1e308],
      [0, 1],
    ],
    [
      [1, 2],
      [0, 1e308],
    ],
  ])('of %j at %j there is none', (values, atMs) => {
    expect(timeLine(aMeasurement(), values, atMs)).toBeNull();
  });
});
