import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aComparison, hostileMeasurement, madeUp, ofValues } from '../../test/measurements.ts';
import { aReport } from '../../test/report.ts';
import { measurementsMarkdown } from './markdown-measurements.ts';
import type { Measurement } from './measurement.ts';

const LIMITED = ofValues([12, 13, 14], {
  figures: [
    { name: 'median', value: 13 },
    { name: 'p95', value: 13.9 },
  ],
  limit: { figure: 'p95', value: 20, kind: 'below' },
});

function text(measurements: Measurement[], pictures?: ReadonlyMap<string, string>): string {
  return measurementsMarkdown(aReport({ measurements }), pictures).join('\n');
}

describe('measurementsMarkdown', () => {
  it('has the definition, the judged figure and a table of the figures', () => {
    expect(text([LIMITED])).toBe(`
## Measurements

### Delivery of a frame \`win11\`

From the frame being posted to the client having the whole frame.

p95 is 13.9 ms and has to be below 20 ms: **keeps the limit**

| median | p95 |
| ---: | ---: |
| 13 ms | 13.9 ms |

Made by \`passcheck latency\``);
  });

  it('shows the pictures that there are, with what one sees on them', () => {
    const pictures = new Map([['latency-delivery-histogram', 'report.pictures/latency-delivery-histogram.png']]);
    const lines = text([LIMITED], pictures).split('\n');
    expect(lines.filter((line) => line.startsWith('!['))).toEqual([
      '![Delivery of a frame: how often which value came. Histogram of 3 values, most often from 12 to 12.25 ms; median 13 ms; p95 13.9 ms; p95 is 13.9 ms and has to be below 20 ms: keeps the limit.](report.pictures/latency-delivery-histogram.png)',
    ]);
  });

  it('shows the picture of all comparisons before the first', () => {
    const words = text(
      [aComparison('7-Zip', { value: 1.02 }), aComparison('fio', { value: 1.1 })],
      new Map([['guest-to-native', 'p/a.png']]),
    );
    expect(words.indexOf('](p/a.png)')).toBeLessThan(words.indexOf('### 7-Zip'));
  });

  it('marks what is made up', () => {
    expect(
      text(madeUp('bench'))
        .match(/^### .*$/gm)
        ?.filter((line) => !line.endsWith('— SYNTHETIC')),
    ).toEqual([]);
  });

  it('is nothing where nothing was measured', () => {
    expect(measurementsMarkdown(aReport())).toEqual([]);
  });

  it('keeps each text in its place, whatever it holds', () => {
    fc.assert(
      fc.property(hostileMeasurement, (measurement) => {
        const lines = measurementsMarkdown(aReport({ measurements: [measurement] }));
        expect(lines.every((line) => !/[\n\r\u202e]/.test(line) && !line.includes('\u001b'))).toBe(true);
        expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(2);
        const bars = lines.filter((line) => line.startsWith('|')).map((line) => line.replaceAll(/\\./g, '').split('|').length);
        expect(new Set(bars).size).toBeLessThanOrEqual(1);
      }),
    );
  });
});
