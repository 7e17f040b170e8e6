import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aComparison, aMeasurement, hostileMeasurement, madeUp, ofValues } from '../../../test/measurements.ts';
import { aReport } from '../../../test/report.ts';
import { elementsOf, parseStrictly, textOf } from '../../../test/strict-html.ts';
import type { Measurement } from '../measurement.ts';
import { figuresSection } from './figures.ts';

const LIMITED = ofValues([12, 13, 14], { figures: [{ name: 'p95', value: 13.9 }], limit: { figure: 'p95', value: 20, kind: 'below' } });

function markup(...measurements: Measurement[]): string {
  return figuresSection(aReport({ measurements }))?.body.markup ?? '';
}

function text(...measurements: Measurement[]): string {
  return textOf(parseStrictly(markup(...measurements))).replaceAll(/\s+/g, ' ');
}

function chartData(page: string): { id: string; config: { options: { plugins: object } } }[] {
  const [block] = elementsOf(parseStrictly(page)).filter(({ attributes }) => attributes.get('id') === 'chart-data');
  return block === undefined ? [] : (JSON.parse(textOf(block)) as ReturnType<typeof chartData>);
}

describe('figuresSection', () => {
  it('is left out where nothing was measured', () => {
    expect(figuresSection(aReport())).toBeNull();
  });

  it('says of each figure whether it keeps its limit, with the definition beside it', () => {
    expect(text(LIMITED)).toContain('p95 is 13.9 ms and has to be below 20 ms: keeps the limit');
    expect(text(LIMITED)).toContain('From the frame being posted to the client having the whole frame.');
    expect(text({ ...LIMITED, figures: [{ name: 'p95', value: 21 }] })).toContain('21 ms and has to be below 20 ms: breaks the limit');
  });

  it('shows nothing that was made up as kept or broken', () => {
    const page = markup(...madeUp('latency'), ...madeUp('bench'));
    expect(page).toContain('<p class="limit limit-made-up">');
    expect(page).toContain('<b>would keep the limit, if it were measured</b>');
    expect(page).not.toMatch(/limit-(?:kept|broken|open)|keeps the limit|breaks the limit|@go|@no-go/);
  });

  it('a limit on what was not measured is not kept', () => {
    const missing = markup({ ...LIMITED, figures: [] });
    expect(missing).toContain('limit-open');
    expect(missing).not.toContain('limit-kept');
  });

  it('brings the script only where there is a chart', () => {
    expect(figuresSection(aReport({ measurements: [LIMITED] }))?.hasCharts).toBe(true);
    const none = figuresSection(aReport({ measurements: [aMeasurement({ figures: [{ name: 'max', value: 3 }] })] }));
    expect(none).not.toHaveProperty('hasCharts');
    expect(none?.body.markup).not.toContain('chart-data');
  });

  it('has a canvas with a name and words, and the numbers in a table that is folded away', () => {
    const elements = elementsOf(parseStrictly(markup(LIMITED)));
    const canvases = elements.filter(({ name }) => name === 'canvas');
    expect(canvases.map(({ attributes }) => attributes.get('id'))).toEqual([
      'chart-latency-delivery-histogram',
      'chart-latency-delivery-time-line',
    ]);
    const ids = new Set(elements.flatMap(({ attributes }) => attributes.get('id') ?? []));
    for (const { attributes } of canvases) {
      expect(attributes.get('role')).toBe('img');
      expect(attributes.get('aria-label')).toContain('Delivery of a frame');
      expect(ids.has(attributes.get('aria-describedby') ?? '')).toBe(true);
    }
    expect(elements.filter(({ name }) => name === 'details').some(({ attributes }) => attributes.has('open'))).toBe(false);
    expect(elements.filter(({ name }) => name === 'table')).toHaveLength(2);
  });

  it('draws the comparisons together before the first of them', () => {
    const page = markup(aComparison('7-Zip', { value: 1.02 }), aComparison('fio', { value: 1.1 }, { unit: 'IOPS' }));
    expect(page.indexOf('chart-guest-to-native')).toBeLessThan(page.indexOf('<h3>7-Zip'));
    expect(page.indexOf('chart-bench-fio-native-guest')).toBeGreaterThan(page.indexOf('<h3>fio'));
  });

  it('says wherever made-up values are shown that they are made up', () => {
    const page = markup(...madeUp('latency'), ...madeUp('bench'));
    const elements = elementsOf(parseStrictly(page));
    for (const name of ['h3', 'h4', 'summary', 'caption']) {
      const shown = elements.filter((element) => element.name === name);
      expect(shown.length).toBeGreaterThan(8);
      expect(shown.map((element) => textOf(element)).filter((words) => !words.includes('SYNTHETIC'))).toEqual([]);
    }
    expect(chartData(page).every(({ config }) => 'mark' in config.options.plugins)).toBe(true);
    expect(text(...madeUp('bench'))).toContain('All of these values are made up');
    expect(markup(LIMITED)).not.toContain('SYNTHETIC');
  });

  it('puts nothing into the page that a browser could take for more than text, whatever is given', () => {
    fc.assert(
      fc.property(fc.array(hostileMeasurement, { maxLength: 6 }), (measurements) => {
        const page = markup(...measurements);
        const elements = elementsOf(parseStrictly(page));
        const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
        expect(new Set(ids).size).toBe(ids.length);
        expect(page).not.toMatch(/<script(?! type="application\/json" id="chart-data">)|\u202e/);
        const canvases = elements.filter(({ name }) => name === 'canvas').map(({ attributes }) => attributes.get('id'));
        expect(
          chartData(page)
            .map(({ id }) => `chart-${id}`)
            .toSorted(),
        ).toEqual(canvases.flatMap((id) => id ?? []).toSorted());
      }),
    );
  });

  it('stays small, however many values there are', () => {
    const values = Array.from({ length: 100_000 }, (_, index) => 10 + Math.sin(index) * 5);
    expect(markup(...Array.from({ length: 12 }, (_, index) => ofValues(values, { id: `latency/${index}` }))).length).toBeLessThan(400_000);
  });
});
