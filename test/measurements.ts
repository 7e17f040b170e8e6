import { readFileSync } from 'node:fs';

import * as fc from 'fast-check';
import * as z from 'zod/mini';

import { type Measurement, measurementSchema } from '../src/report/measurement.ts';

/** A measurement of single values, each 10 ms after the other, of which nothing was asked. */
export function aMeasurement(given: Partial<Measurement> = {}): Measurement {
  return {
    id: 'latency/delivery',
    title: 'Delivery of a frame',
    subject: 'win11',
    unit: 'ms',
    better: 'lower',
    method: 'From the frame being posted to the client having the whole frame.',
    source: 'passcheck latency',
    figures: [],
    data: { kind: 'none' },
    ...given,
  };
}

/** A measurement of these single values, each 10 ms after the other. */
export function ofValues(values: readonly number[], given: Partial<Measurement> = {}): Measurement {
  return aMeasurement({ ...given, data: { kind: 'samples', values: [...values], atMs: values.map((_, index) => index * 10) } });
}

/** A comparison of guest and native with this ratio, which has to be below 1.05. */
export function aComparison(
  title: string,
  ratio: { value: number; low?: number; high?: number },
  given: Partial<Measurement> = {},
): Measurement {
  return aMeasurement({
    id: `bench/${title.toLowerCase()}`,
    title,
    unit: 'MB/s',
    better: 'higher',
    figures: [{ name: 'ratio', ...ratio }],
    limit: { figure: 'ratio', value: 1.05, kind: 'below' },
    data: { kind: 'blocks', native: [100, 101, 99], guest: [97, 98, 96] },
    ...given,
  });
}

/** The made-up measurements of the project. */
export function madeUp(name: 'latency' | 'bench'): Measurement[] {
  return z.array(measurementSchema).parse(JSON.parse(readFileSync(`fixtures/measurements/${name}.json`, 'utf8')));
}

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    '</script><script>alert(1)</script>',
    '\u202egnp.exe',
    '](javascript:alert(1))',
    'x'.repeat(10_000),
    '@accent',
    '__proto__',
    '🧨',
  ),
);

const anyNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 0, max: 50, noNaN: true }),
  fc.constantFrom(0, -0, 1, 1e308, -1e308, 5e-324, 1e15, 0.1 + 0.2, -3),
);

const figure = fc.record(
  {
    name: fc.oneof(fc.constantFrom('median', 'p95', 'p99', 'max', 'ratio', 'native', 'guest'), hostileText),
    value: anyNumber,
    low: anyNumber,
    high: anyNumber,
  },
  { requiredKeys: ['name', 'value'] },
);

const numbers = fc.array(anyNumber, { maxLength: 200 });

const data: fc.Arbitrary<Measurement['data']> = fc.oneof(
  fc.record({ kind: fc.constant('samples' as const), values: numbers, atMs: numbers }, { requiredKeys: ['kind', 'values'] }),
  fc.record({ kind: fc.constant('blocks' as const), native: numbers, guest: numbers }),
  fc.record({ kind: fc.constant('none' as const) }),
);

/** Whatever a stored report can hold: absurd numbers, texts that mean harm, lists of unequal length. */
export const hostileMeasurement: fc.Arbitrary<Measurement> = fc.record(
  {
    id: hostileText,
    title: hostileText,
    subject: fc.option(hostileText),
    unit: hostileText,
    better: fc.constantFrom('lower' as const, 'higher' as const),
    method: hostileText,
    source: hostileText,
    synthetic: fc.constant(true as const),
    figures: fc.array(figure, { maxLength: 6 }),
    limit: fc.record({
      figure: fc.oneof(fc.constantFrom('median', 'p95', 'ratio'), hostileText),
      value: anyNumber,
      kind: fc.constantFrom('below' as const, 'at-most' as const, 'above' as const, 'at-least' as const),
    }),
    data,
  },
  { requiredKeys: ['id', 'title', 'subject', 'unit', 'better', 'method', 'source', 'figures', 'data'] },
);
