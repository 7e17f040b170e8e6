import { describe, expect, it } from 'vitest';

import { aComparison, madeUp } from '../../test/measurements.ts';
import { forest } from './forest.ts';

const KEPT = aComparison('7-Zip', { value: 1.02, low: 1.017, high: 1.022 });
const BROKEN = aComparison('fio', { value: 1.11, low: 1.1, high: 1.12 });
const OPEN = aComparison('glmark2', { value: 1.0494, low: 1.0379, high: 1.0605 });

describe('forest', () => {
  it('has a point with its bounds for each comparison, and a form for each verdict', () => {
    const chart = forest([KEPT, BROKEN, OPEN]);
    expect(chart?.config.data.datasets[0]).toMatchObject({
      data: [
        { x: 1.02, y: 0 },
        { x: 1.11, y: 1 },
        { x: 1.0494, y: 2 },
      ],
      pointStyle: ['circle', 'triangle', 'rectRot'],
      pointBackgroundColor: ['@go', '@no-go', '@open'],
    });
    expect(chart?.config.options?.plugins?.whiskers?.bounds).toEqual([
      [
        [1.017, 1.022],
        [1.1, 1.12],
        [1.0379, 1.0605],
      ],
    ]);
  });

  it('shows nothing that was made up as kept or broken', () => {
    const chart = forest([KEPT, BROKEN, OPEN].map((one) => ({ ...one, synthetic: true as const })));
    expect(chart?.config.data.datasets[0]).toMatchObject({
      pointStyle: ['circle', 'circle', 'circle'],
      pointBackgroundColor: ['@accent', '@accent', '@accent'],
    });
    expect(JSON.stringify(chart?.config)).not.toContain('@no-go');
    expect(chart?.table.rows[1]?.[5]).toBe('would break the limit, if it were measured');
    expect(chart?.alt).not.toMatch(/keeps|breaks/);
  });

  it('draws the line of equal speed and the 5 % line', () => {
    expect(forest([KEPT])?.config.options?.plugins?.referenceLines?.lines).toMatchObject([
      { label: 'as native', value: 1 },
      { label: 'limit +5.00 %', value: 1.05 },
    ]);
  });

  it('says the same in a table', () => {
    expect(forest([KEPT, BROKEN, OPEN])?.table.rows).toEqual([
      ['7-Zip', '1.0200', '+2.00 %', '1.0170 to 1.0220', 'ratio below 1.05 (+5.00 %)', 'keeps the limit'],
      ['fio', '1.1100', '+11.00 %', '1.1000 to 1.1200', 'ratio below 1.05 (+5.00 %)', 'breaks the limit'],
      [
        'glmark2',
        '1.0494',
        '+4.94 %',
        '1.0379 to 1.0605',
        'ratio below 1.05 (+5.00 %)',
        'cannot be told, because the bounds lie on both sides of the limit',
      ],
    ]);
  });

  it('one that is eight times as slow does not hide the 5 % line', () => {
    const chart = forest([KEPT, OPEN, aComparison('nested', { value: 8, low: 7.5, high: 8.5 })]);
    const x = chart?.config.options?.scales?.['x'];
    expect(x?.max).toBeLessThan(2);
    expect(chart?.config.data.datasets[0]?.data[2]).toEqual({ x: x?.max, y: 2 });
    expect(chart?.table.rows[2]?.[1]).toBe('8.0000');
  });

  it('where all are slow, they can be told apart', () => {
    const chart = forest([aComparison('a', { value: 8 }), aComparison('b', { value: 9 })]);
    expect(chart?.config.data.datasets[0]?.data).toEqual([
      { x: 8, y: 0 },
      { x: 9, y: 1 },
    ]);
  });

  it('a ratio without limit is not judged', () => {
    const { limit: _, ...free } = KEPT;
    expect(forest([free])?.table.rows[0]?.slice(3)).toEqual(['1.0170 to 1.0220', 'none', 'not judged']);
  });

  it('a limit on another figure does not judge the ratio', () => {
    const other = { ...KEPT, limit: { figure: 'guest', value: 1000, kind: 'at-least' } as const };
    expect(forest([other])?.table.rows[0]?.slice(4)).toEqual(['none', 'not judged']);
  });

  it.each([[[]], [[aComparison('none', { value: 0 })]], [[aComparison('none', { value: -1 })]]])('of %j there is none', (measurements) => {
    expect(forest(measurements)).toBeNull();
  });

  it('is marked as soon as one of its rows is made up', () => {
    expect(forest([KEPT, { ...BROKEN, synthetic: true }])?.isSynthetic).toBe(true);
    expect(forest(madeUp('bench'))?.alt).toContain('glmark2 1.0494 (1.0379 to 1.0605), cannot be told');
  });
});
