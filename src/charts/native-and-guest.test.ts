import { describe, expect, it } from 'vitest';

import { aComparison } from '../../test/measurements.ts';
import { nativeAndGuest } from './native-and-guest.ts';

const blocks = (native: number[], guest: number[]): { kind: 'blocks'; native: number[]; guest: number[] } => ({
  kind: 'blocks',
  native,
  guest,
});

describe('nativeAndGuest', () => {
  it('draws the median of the blocks as a bar from zero, with the lowest and the highest', () => {
    const [chart] = nativeAndGuest([aComparison('disk', { value: 1.03 }, { data: blocks([100, 104, 96], [97, 95, 99]) })]);
    expect(chart?.config.data.datasets).toMatchObject([
      { label: 'native', data: [100] },
      { label: 'guest', data: [97] },
    ]);
    expect(chart?.config.options?.plugins?.whiskers?.bounds).toEqual([[[96, 104]], [[95, 99]]]);
    expect(chart?.config.options?.scales?.['x']).toMatchObject({ min: 0 });
    expect(chart?.table.rows).toEqual([['disk', '100 MB/s', '96 to 104', '97 MB/s', '95 to 99']]);
  });

  it('takes the figures of the measurement where it has them', () => {
    const given = aComparison('disk', { value: 1.03 }, { figures: [{ name: 'native', value: 120, low: 110, high: 130 }] });
    expect(nativeAndGuest([given])[0]?.config.data.datasets).toMatchObject([{ data: [120] }, { data: [97] }]);
  });

  it('puts what has one unit and one size together, and nothing else', () => {
    const charts = nativeAndGuest([
      aComparison('small', { value: 1 }, { data: blocks([5], [5]) }),
      aComparison('read', { value: 1 }, { data: blocks([900], [880]) }),
      aComparison('build', { value: 1 }, { unit: 's', better: 'lower', data: blocks([84], [86]) }),
      aComparison('write', { value: 1 }, { data: blocks([700], [650]) }),
    ]);
    expect(charts.map(({ title, shows }) => [title, shows.map((one) => one.title)])).toEqual([
      ['small: native beside guest', ['small']],
      ['What is measured in MB/s: native beside guest', ['read', 'write']],
      ['build: native beside guest', ['build']],
    ]);
    expect(charts[2]?.alt).toContain('Lower is better.');
  });

  it('leaves out what has no values that can be drawn', () => {
    expect(nativeAndGuest([aComparison('x', { value: 1 }, { data: blocks([], [1]) })])).toEqual([]);
    expect(nativeAndGuest([aComparison('x', { value: 1 }, { data: blocks([1e308], [1]) })])).toEqual([]);
  });
});
