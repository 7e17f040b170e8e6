import { readFileSync } from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { isCeiling, judgedFigure } from './limit.ts';
import { type Figure, type Limit, type Measurement, measurementSchema } from './measurement.ts';

function state(figure: Omit<Figure, 'name'> | null, kind: Limit['kind'], value: number): string | undefined {
  const measurement: Measurement = {
    id: 'latency/delivery',
    title: 'Delivery of a frame',
    subject: null,
    unit: 'ms',
    better: 'lower',
    method: '',
    source: '',
    figures: figure === null ? [] : [{ name: 'p95', ...figure }],
    limit: { figure: 'p95', value, kind },
    data: { kind: 'none' },
  };
  return judgedFigure(measurement)?.state;
}

describe('judgedFigure', () => {
  it.each<[Omit<Figure, 'name'>, Limit['kind'], number, string]>([
    [{ value: 19.99 }, 'below', 20, 'keeps'],
    [{ value: 20 }, 'below', 20, 'breaks'],
    [{ value: 20 }, 'at-most', 20, 'keeps'],
    [{ value: 20.01 }, 'at-most', 20, 'breaks'],
    [{ value: 136.8 }, 'at-least', 136.8, 'keeps'],
    [{ value: 136.7 }, 'at-least', 136.8, 'breaks'],
    [{ value: 136.8 }, 'above', 136.8, 'breaks'],
    [{ value: 0 }, 'at-most', 0, 'keeps'],
    [{ value: -1 }, 'at-most', -2, 'breaks'],
  ])('%j with the limit %s %d %s', (figure, kind, value, expected) => {
    expect(state(figure, kind, value)).toBe(expected);
  });

  it.each<[number, number, string]>([
    [1.02, 1.04, 'keeps'],
    [1.03, 1.06, 'undecided'],
    [1.06, 1.08, 'breaks'],
    [1.04, 1.05, 'undecided'],
    [1.05, 1.06, 'undecided'],
  ])('bounds from %d to %d around the 5 %% line: %s', (low, high, expected) => {
    expect(state({ value: (low + high) / 2, low, high }, 'below', 1.05)).toBe(expected);
  });

  it('six blocks of exactly 105 to 100 are not below 5 %, whatever binary fractions say', () => {
    const ratio = Math.exp(Math.log(105) - Math.log(100));
    expect(ratio).toBeLessThan(1.05);
    expect(state({ value: ratio, low: ratio, high: ratio }, 'below', 1.05)).toBe('undecided');
    expect(state({ value: ratio }, 'below', 1.05)).toBe('breaks');
  });

  it('a limit on a figure that is not there says so, and is not kept', () => {
    expect(state(null, 'below', 20)).toBe('missing');
  });

  it('bounds that contradict the value count at their worst', () => {
    expect(state({ value: 30, low: 1, high: 2 }, 'below', 20)).toBe('undecided');
  });

  it('never keeps a limit that the value itself breaks', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    const kinds = fc.constantFrom('below', 'at-most', 'above', 'at-least');
    fc.assert(
      fc.property(finite, finite, finite, finite, kinds, (value, low, high, limit, kind) => {
        fc.pre(Math.abs(value - limit) > 1e-6 * Math.abs(limit));
        const isKept = isCeiling({ figure: 'p95', value: limit, kind }) ? value < limit : value > limit;
        expect(state({ value }, kind, limit)).toBe(isKept ? 'keeps' : 'breaks');
        expect(isKept || state({ value, low, high }, kind, limit) !== 'keeps').toBe(true);
      }),
    );
  });
});

describe('the made-up measurements', () => {
  it.each(['latency', 'bench'])('%s is what a report can hold, and marked', (name) => {
    const measurements = z.array(measurementSchema).parse(JSON.parse(readFileSync(`fixtures/measurements/${name}.json`, 'utf8')));
    expect(measurements.length).toBeGreaterThan(2);
    expect(measurements.filter(({ synthetic }) => synthetic !== true)).toEqual([]);
  });
});
