import { describe, expect, it } from 'vitest';

import { aMeasurement } from '../../test/measurements.ts';
import { boundsWords, figureWords, judgedWords } from './limit-words.ts';

describe('judgedWords', () => {
  const limit = { figure: 'p95', value: 20, kind: 'below' } as const;

  it.each([
    [13, 'p95 is 13 ms and has to be below 20 ms: keeps the limit'],
    [23.456, 'p95 is 23.46 ms and has to be below 20 ms: breaks the limit'],
    [19.9996, 'p95 is 19.9996 ms and has to be below 20 ms: keeps the limit'],
    [20, 'p95 is 20 ms and has to be below 20 ms: breaks the limit'],
  ])('of %d', (value, words) => {
    expect(judgedWords(aMeasurement({ figures: [{ name: 'p95', value }], limit }))).toBe(words);
  });

  it.each([
    [13, 'p95 is 13 ms and has to be below 20 ms: would keep the limit, if it were measured'],
    [21, 'p95 is 21 ms and has to be below 20 ms: would break the limit, if it were measured'],
  ])('of %d, when it is made up', (value, words) => {
    expect(judgedWords(aMeasurement({ figures: [{ name: 'p95', value }], limit, synthetic: true }))).toBe(words);
  });

  it('of a figure that is not there', () => {
    expect(judgedWords(aMeasurement({ limit }))).toBe('p95 has to be below 20 ms, and was not measured');
  });

  it('of a ratio', () => {
    const ratio = aMeasurement({
      figures: [{ name: 'ratio', value: 1.0196, low: 1.0173, high: 1.0221 }],
      limit: { figure: 'ratio', value: 1.05, kind: 'below' },
    });
    expect(judgedWords(ratio)).toBe('ratio is 1.0196 (+1.96 %) and has to be below 1.05 (+5.00 %): keeps the limit');
  });

  it('of nothing that was asked', () => {
    expect(judgedWords(aMeasurement())).toBe('');
  });
});

describe('the words of a figure', () => {
  it('have its unit, a ratio has none', () => {
    expect([figureWords({ name: 'p95', value: 13 }, 'ms'), figureWords({ name: 'ratio', value: 1.02 }, 'ms')]).toEqual([
      '13 ms',
      '1.0200 (+2.00 %)',
    ]);
  });

  it('have the bounds that there are', () => {
    expect(boundsWords({ name: 'native', value: 5 })).toBeNull();
    expect(boundsWords({ name: 'native', value: 5, high: 6 })).toBe('5 to 6');
    expect(boundsWords({ name: 'ratio', value: 1, low: 0.99, high: 1.01 })).toBe('0.9900 to 1.0100');
  });
});
