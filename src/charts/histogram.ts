import type { ChartDataset } from 'chart.js';

import type { Measurement } from '../report/measurement.ts';
import { type Axis, axisOver, drawn, isDrawable, multiple } from './axis.ts';
import { type Bins, binsOf } from './bins.ts';
import type { ChartDraft } from './chart.ts';
import { named } from './colours.ts';
import { judgedWords } from './limit-words.ts';
import { grouped, numberWords } from './number-words.ts';
import { frame, numbers } from './options.ts';
import { type ReferenceLine, ROWS } from './reference-lines.ts';
import { figureLines, limitLine, withLimit } from './sample-lines.ts';
import { label } from './text.ts';

/** How often which value came, with the median, the percentiles and the limit. Null when there is nothing to draw. */
export function histogram(measurement: Measurement, given: readonly number[]): ChartDraft | null {
  const values = given.filter((value) => isDrawable(value));
  if (values.length === 0) return null;
  const { synthetic = false } = measurement;
  const bins = binsOf(values);
  const unit = label(measurement.unit, 20) || 'value';
  const limit = limitLine(measurement);
  const lines = [...figureLines(measurement), ...limit];
  return {
    title: `${label(measurement.title, 60)}: how often which value came`,
    caption: 'How often which value came',
    alt: altOf(measurement, bins, { drawn: values.length, left: given.length - values.length }),
    isSynthetic: synthetic,
    shows: [measurement],
    height: 300,
    config: {
      type: 'bar',
      data: { datasets: [bars(bins)] },
      options: {
        ...frame({ isSynthetic: synthetic, labelRows: Math.min(lines.length, ROWS), plugins: { referenceLines: { axis: 'x', lines } } }),
        scales: {
          x: { ...numbers(valueAxis(bins, limit), unit), offset: false, grid: { color: named('line'), offset: false } },
          y: numbers(axisOver(0, Math.max(...bins.counts), 5), 'number of values'),
        },
      },
    },
    table: { columns: [`From (${unit})`, `To below (${unit})`, 'Values', 'Share'], rows: rowsOf(bins, values.length) },
  };
}

function bars({ from, width, counts }: Bins): ChartDataset {
  return {
    label: 'values',
    data: counts.map((y, index) => ({ x: drawn(from + (index + 0.5) * width), y })),
    backgroundColor: named('accent', 0.8),
    borderColor: named('surface'),
    borderWidth: { left: 1, right: 1 },
    barPercentage: 1,
    categoryPercentage: 1,
    grouped: false,
  };
}

/** From an edge to an edge of bins, with one empty bin on both sides. */
function valueAxis({ from, width, counts }: Bins, limit: readonly ReferenceLine[]): Axis {
  const [low, high] = withLimit(from, from + counts.length * width, limit);
  const [min, max] = [Math.floor(low / width + 1e-9) - 1, Math.ceil(high / width - 1e-9) + 1].map((count) => multiple(count, width));
  const { step } = axisOver(low, high, 8);
  return { min: from >= 0 ? Math.max(min ?? 0, 0) : (min ?? 0), max: max ?? 0, step };
}

function rowsOf({ from, width, counts, below, above }: Bins, total: number): string[][] {
  return counts.map((count, index) => {
    const isFirst = index === 0 && below > 0;
    const isLast = index === counts.length - 1 && above > 0;
    return [
      isFirst ? 'the lowest' : edge(from, width, index),
      isLast ? 'the highest' : edge(from, width, index + 1),
      grouped(count),
      `${((100 * count) / total).toFixed(1)} %`,
    ];
  });
}

function edge(from: number, width: number, index: number): string {
  return numberWords(multiple(Math.round(from / width) + index, width), 7);
}

interface Counted {
  readonly drawn: number;
  readonly left: number;
}

function altOf(measurement: Measurement, bins: Bins, { drawn: total, left }: Counted): string {
  const { from, width, counts, below, above } = bins;
  const unit = label(measurement.unit, 20);
  const most = counts.indexOf(Math.max(...counts));
  const [low, high] = [most, most + 1].map((index) => edge(from, width, index));
  const parts = [
    `Histogram of ${grouped(total)} ${total === 1 ? 'value' : 'values'}, most often from ${low} to ${high}${unit === '' ? '' : ` ${unit}`}`,
    ...figureLines(measurement).map(({ label: words }) => words),
    judgedWords(measurement),
    below + above === 0 ? '' : `${grouped(below + above)} far outside are counted in the first and the last bar`,
    left === 0 ? '' : `${grouped(left)} too large to be drawn`,
  ];
  return `${parts.filter((part) => part !== '').join('; ')}.`;
}
