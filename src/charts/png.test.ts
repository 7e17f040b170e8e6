import { createCanvas, loadImage } from '@napi-rs/canvas';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aComparison, hostileMeasurement, madeUp, ofValues } from '../../test/measurements.ts';
import type { ChartDescription } from './chart.ts';
import { chartsOf } from './of-measurements.ts';
import { chartPng } from './png.ts';

const [HISTOGRAM, LINE] = chartsOf([ofValues([5, 6, 6, 7, 8, 9], { limit: { figure: 'p95', value: 8, kind: 'below' } })]);
const [FOREST, BARS] = chartsOf([aComparison('7-Zip', { value: 1.02, low: 1.01, high: 1.03 })]);

/** How many of the picture's pixels have each colour. */
async function pixels(png: Buffer): Promise<{ width: number; height: number; colours: Map<string, number> }> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const colours = new Map<string, number>();
  for (let at = 0; at < data.length; at += 4) {
    const colour = `#${[0, 1, 2].map((part) => (data[at + part] ?? 0).toString(16).padStart(2, '0')).join('')}`;
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  return { width: image.width, height: image.height, colours };
}

function known(chart: ChartDescription | undefined): ChartDescription {
  if (chart === undefined) throw new Error('there is no such chart');
  return chart;
}

describe('chartPng', () => {
  it.each([
    ['a histogram', known(HISTOGRAM), '#a8171f'],
    ['a time line', known(LINE), '#0b57a4'],
    ['a forest plot', known(FOREST), '#14692f'],
    ['bars', known(BARS), '#14181f'],
  ])('draws %s on white, twice as dense as a page', async (_, chart, colour) => {
    const { width, height, colours } = await pixels(await chartPng(chart));
    expect(width).toBe(1520);
    expect(height).toBeGreaterThanOrEqual(2 * chart.height);
    expect((colours.get('#ffffff') ?? 0) / (width * height)).toBeGreaterThan(0.5);
    expect(colours.get(colour) ?? 0).toBeGreaterThan(100);
  });

  it('draws the same bytes again', async () => {
    expect(await chartPng(known(HISTOGRAM))).toEqual(await chartPng(known(HISTOGRAM)));
  });

  it('writes that it is made up', async () => {
    const [real, made] = chartsOf([ofValues([1, 2, 3], { id: 'a' }), ofValues([1, 2, 3], { id: 'b', synthetic: true })]).filter(({ id }) =>
      id.endsWith('histogram'),
    );
    const [plain, marked] = await Promise.all([real, made].map(async (chart) => pixels(await chartPng(known(chart)))));
    expect(plain?.colours.get('#7a4b00') ?? 0).toBe(0);
    expect(marked?.colours.get('#7a4b00') ?? 0).toBeGreaterThan(500);
    expect(marked?.height).toBe((plain?.height ?? 0) + 40);
  });

  it('draws every chart of the made-up measurements', async () => {
    const charts = chartsOf([...madeUp('latency'), ...madeUp('bench')]);
    for (const chart of charts) expect((await chartPng(chart)).length).toBeGreaterThan(20_000);
  });

  it('draws whatever a report can hold, and comes to an end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostileMeasurement, { maxLength: 4 }), async (measurements) => {
        for (const chart of chartsOf(measurements)) expect((await chartPng(chart)).subarray(1, 4).toString()).toBe('PNG');
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});
