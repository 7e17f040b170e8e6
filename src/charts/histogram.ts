import type { ChartConfiguration, ChartDataset } from 'chart.js';

import type { Measurement } from '../report/measurement.ts';
import { type Axis, axisOver, drawn, isDrawable, multiple } from './axis.ts';
import { type Bins, binsOf } from './bins.ts';
import type { ChartDraft } from './chart.ts';
import { named } from './colours.ts';
import { judgedWords } from './limit-words.ts';
import { grouped, numberWords } from './number-words.ts';
import { frame, numbers } from './options.ts';
import { linesWithin, outlierNote, type Outliers, outliersOf, outlierWords, roomOf } from './outliers.ts';
import { type ReferenceLine, ROWS } from './reference-lines.ts';
import { figureLines, limitLine, withLimit } from './sample-lines.ts';
import { label } from './text.ts';

/** What is drawn: the bins, and what lies far outside. */
interface Drawn {
  readonly bins: Bins;
  readonly outliers: readonly Outliers[];
}

/** How often which value came, with the median, the percentiles and the limit. Null when there is nothing to draw. */
export function histogram(measurement: Measurement, given: readonly number[]): ChartDraft | null {
  const values = given.filter((value) => isDrawable(value));
  if (values.length === 0) return null;
  const { synthetic = false } = measurement;
  const bins = binsOf(values);
  const limits = limitLine(measurement).map(({ value }) => value);
  const shown = { bins, outliers: outliersOf(values, bins, limits) };
  const unit = label(measurement.unit, 20) || 'value';
  return {
    title: `${label(measurement.title, 60)}: how often which value came`,
    caption: 'How often which value came',
    alt: altOf(measurement, shown, { drawn: values.length, left: given.length - values.length }),
    isSynthetic: synthetic,
    shows: [measurement],
    height: 316,
    config: configOf(measurement, shown),
    table: { columns: [`From (${unit})`, `To below (${unit})`, 'Values', 'Share'], rows: rowsOf(shown, values.length) },
  };
}

function configOf(measurement: Measurement, { bins, outliers }: Drawn): ChartConfiguration {
  const unit = label(measurement.unit, 20);
  const limit = limitLine(measurement);
  const lines = [...figureLines(measurement), ...limit];
  const axis = valueAxis({ bins, outliers }, limit);
  const backgroundColor = named('surface', 0.85);
  const within = edgesOf(outliers, axis);
  const plugins = {
    referenceLines: { axis: 'x', lines, backgroundColor, ...(within === null ? {} : { within }) },
    barNotes: { notes: outliers.map((one) => outlierNote(one, bins, unit)), color: named('text'), backgroundColor },
  } as const;
  return {
    type: 'bar',
    data: { datasets: [bars({ bins, outliers })] },
    options: {
      ...frame({ isSynthetic: measurement.synthetic === true, labelRows: Math.min(lines.length, ROWS), plugins }),
      scales: {
        x: { ...numbers(axis, unit === '' ? 'value' : unit), offset: false, grid: { color: named('line'), offset: false } },
        y: numbers(axisOver(0, Math.max(...bins.counts), 5), 'number of values'),
      },
    },
  };
}

/** Between which values the axis is one. Null: everywhere. */
function edgesOf(outliers: readonly Outliers[], { min, max }: Axis): [number, number] | null {
  if (outliers.length === 0) return null;
  const end = (side: Outliers['side']): number | undefined => outliers.find((one) => one.side === side)?.edge;
  return [end('below') ?? min, end('above') ?? max];
}

function bars({ bins: { from, width, counts }, outliers }: Drawn): ChartDataset {
  const own = counts.map((y, index) => ({ x: drawn(from + (index + 0.5) * width), y, isOutside: false }));
  const of = (side: Outliers['side']): typeof own =>
    outliers.filter((one) => one.side === side).map(({ x, count }) => ({ x: drawn(x), y: count, isOutside: true }));
  const all = [...of('below'), ...own, ...of('above')];
  return {
    label: 'values',
    data: all.map(({ x, y }) => ({ x, y })),
    backgroundColor: all.map(({ isOutside }) => (isOutside ? named('muted', 0.8) : named('accent', 0.8))),
    borderColor: named('surface'),
    borderWidth: { left: 1, right: 1 },
    barPercentage: 1,
    categoryPercentage: 1,
    grouped: false,
  };
}

/** From an edge to an edge of bins, with one empty bin on both sides, or the bar of what lies outside. */
function valueAxis({ bins: { from, width, counts }, outliers }: Drawn, limit: readonly ReferenceLine[]): Axis {
  const [low, high] = withLimit(from, from + counts.length * width, linesWithin(limit, outliers));
  const [min, max] = [Math.floor(low / width + 1e-9) - 1, Math.ceil(high / width - 1e-9) + 1].map((count) => multiple(count, width));
  const { step } = axisOver(low, high, 8);
  const rooms = outliers.map((one) => roomOf(one, width));
  const least = Math.min(from >= 0 ? Math.max(min ?? 0, 0) : (min ?? 0), ...rooms);
  return { min: drawn(least), max: drawn(Math.max(max ?? 0, ...rooms)), step };
}

function rowsOf({ bins: { from, width, counts }, outliers }: Drawn, total: number): string[][] {
  const row = (low: string, high: string, count: number): string[] => [
    low,
    high,
    grouped(count),
    `${((100 * count) / total).toFixed(1)} %`,
  ];
  const of = (side: Outliers['side']): string[][] =>
    outliers
      .filter((one) => one.side === side)
      .map(({ count, extreme }) => {
        const end = numberWords(extreme, 7);
        return side === 'below'
          ? row(end, edge(from, width, 0), count)
          : row(edge(from, width, counts.length), `${end}, the highest`, count);
      });
  return [
    ...of('below'),
    ...counts.map((count, index) => row(edge(from, width, index), edge(from, width, index + 1), count)),
    ...of('above'),
  ];
}

function edge(from: number, width: number, index: number): string {
  return numberWords(multiple(Math.round(from / width) + index, width), 7);
}

interface Counted {
  readonly drawn: number;
  readonly left: number;
}

function altOf(measurement: Measurement, { bins: { from, width, counts }, outliers }: Drawn, { drawn: total, left }: Counted): string {
  const unit = label(measurement.unit, 20);
  const most = counts.indexOf(Math.max(...counts));
  const [low, high] = [most, most + 1].map((index) => edge(from, width, index));
  const parts = [
    `Histogram of ${grouped(total)} ${total === 1 ? 'value' : 'values'}, most often from ${low} to ${high}${unit === '' ? '' : ` ${unit}`}`,
    ...figureLines(measurement).map(({ label: words }) => words),
    judgedWords(measurement),
    ...outliers.map((one) => `far outside, in a grey bar: ${outlierWords(one, unit).join(', ')}`),
    left === 0 ? '' : `${grouped(left)} too large to be drawn`,
  ];
  return `${parts.filter((part) => part !== '').join('; ')}.`;
}
