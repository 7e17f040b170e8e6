import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aComparison, aMeasurement, hostileMeasurement, madeUp, ofValues } from '../../test/measurements.ts';
import { chartsOf, MOST_CHARTS } from './of-measurements.ts';

describe('chartsOf', () => {
  it('has a histogram and a time line of values, and the comparisons together', () => {
    expect(chartsOf([...madeUp('latency').slice(0, 1), ...madeUp('bench')]).map(({ id }) => id)).toEqual([
      'latency-delivery-histogram',
      'latency-delivery-time-line',
      'guest-to-native',
      'bench-7zip-native-guest',
      'bench-openssl-native-guest',
      'bench-fio-randread-native-guest',
      'bench-glmark2-native-guest',
      'bench-kernel-build-native-guest',
      'bench-cyclictest-histogram',
    ]);
  });

  it('tells the same measurement of two VMs apart', () => {
    const both = ['win11', 'win10'].map((subject) => ofValues([1, 2, 3], { subject }));
    expect(chartsOf(both).map(({ id }) => id)).toEqual([
      'latency-delivery-histogram',
      'latency-delivery-time-line',
      'latency-delivery-histogram-2',
      'latency-delivery-time-line-2',
    ]);
  });

  it('has nothing for figures without values', () => {
    expect(chartsOf([aMeasurement({ figures: [{ name: 'max', value: 3 }] })])).toEqual([]);
  });

  it('embeds little, however much was measured', () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      ofValues(
        Array.from({ length: 5000 }, (__, at) => Math.sin(at * (index + 1)) * 10 + 20.123456789),
        { id: `latency/${index}` },
      ),
    );
    const charts = chartsOf(many);
    expect(charts).toHaveLength(MOST_CHARTS);
    expect(JSON.stringify(charts.map(({ config, table }) => [config, table])).length).toBeLessThan(400_000);
  });

  it('takes 10,000 comparisons without looking at each with each', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => aComparison(`b${index}`, { value: 1.01 }, { unit: `u${index}` }));
    expect(chartsOf(many)).toHaveLength(MOST_CHARTS);
  });

  it('is JSON without any number that is none, has ids of its own, and a row for each element, whatever is given', () => {
    fc.assert(
      fc.property(fc.array(hostileMeasurement, { maxLength: 8 }), (measurements) => {
        const charts = chartsOf(measurements);
        expect(new Set(charts.map(({ id }) => id)).size).toBe(charts.length);
        for (const { id, config, table, title, alt } of charts) {
          expect(id).toMatch(/^[a-z0-9-]+$/);
          expect(JSON.parse(JSON.stringify(config))).toEqual(config);
          expect(JSON.stringify(config)).not.toContain('null,null');
          expect(table.rows).toHaveLength(config.data.datasets[0]?.data.length ?? -1);
          expect(table.rows.every(({ length }) => length === table.columns.length)).toBe(true);
          expect(`${title} ${alt}`).not.toMatch(/NaN|undefined|Infinity|\u202e/);
          for (const scale of Object.values(config.options?.scales ?? {})) expect(isCountable(scale)).toBe(true);
        }
      }),
    );
  });
});

/** Chart.js makes a tick for each step. */
function isCountable(scale: unknown): boolean {
  const { type, min, max, ticks } = scale as { type: string; min?: number; max?: number; ticks: { stepSize?: number } };
  if (type === 'category') return true;
  const count = ((max ?? Number.NaN) - (min ?? Number.NaN)) / (ticks.stepSize ?? Number.NaN);
  return count > 0 && count < 60;
}
