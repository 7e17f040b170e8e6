import type { ChartDataset } from 'chart.js';

import type { Measurement } from '../report/measurement.ts';
import { axisOver, drawn, isDrawable } from './axis.ts';
import { type Bucket, bucketsOf, type Sample } from './buckets.ts';
import type { ChartDraft } from './chart.ts';
import { named } from './colours.ts';
import { grouped, numberWords, quantity } from './number-words.ts';
import { frame, numbers } from './options.ts';
import { limitLine, withLimit } from './sample-lines.ts';
import { label } from './text.ts';

/** The values in the course of time: the middle of each span as a line, from its lowest to its highest as a band. Null without times. */
export function timeLine(measurement: Measurement, values: readonly number[], atMs: readonly number[] = []): ChartDraft | null {
  const samples = samplesOf(values, atMs);
  const buckets = bucketsOf(samples);
  if (buckets.length < 2) return null;
  const { synthetic = false } = measurement;
  const unit = label(measurement.unit, 20) || 'value';
  const limit = limitLine(measurement);
  const [low, high] = withLimit(Math.min(...buckets.map((one) => one.low)), Math.max(...buckets.map((one) => one.high)), limit);
  // A limit as the highest value would lie on the frame, without room for its label.
  const top = limit.some(({ value }) => value === high) ? high + 0.1 * (high - low) : high;
  const start = Math.min(...buckets.map(({ fromMs }) => fromMs));
  const seconds = buckets.map(({ fromMs, toMs }) => drawn(((fromMs + toMs) / 2 - start) / 1000));
  return {
    title: `${label(measurement.title, 60)} in the course of time`,
    caption: 'In the course of time',
    alt: altOf(measurement, buckets, samples.length),
    isSynthetic: synthetic,
    shows: [measurement],
    height: 280,
    config: {
      type: 'line',
      data: { datasets: datasets(buckets, seconds) },
      options: {
        ...frame({
          isSynthetic: synthetic,
          hasLegend: true,
          plugins: { referenceLines: { axis: 'y', lines: limit, backgroundColor: named('surface', 0.85) } },
        }),
        scales: {
          x: numbers({ ...axisOver(0, seconds.at(-1) ?? 0, 10), max: seconds.at(-1) ?? 0 }, 'seconds since the first value'),
          y: numbers(axisOver(low, top, 6), unit),
        },
      },
    },
    table: {
      columns: ['From (s)', 'To (s)', 'Values', `Lowest (${unit})`, `Median (${unit})`, `Highest (${unit})`],
      rows: buckets.map((bucket) => rowOf(bucket, start)),
    },
  };
}

function samplesOf(values: readonly number[], atMs: readonly number[]): Sample[] {
  return values.flatMap((value, index) => {
    const time = atMs[index];
    return time !== undefined && isDrawable(time) && isDrawable(value) ? [{ atMs: time, value }] : [];
  });
}

/** The table has a row for each point of the first. A band of single values would be a line of no width. */
function datasets(buckets: readonly Bucket[], seconds: readonly number[]): ChartDataset[] {
  const points = (value: (bucket: Bucket) => number): { x: number; y: number }[] =>
    buckets.map((bucket, index) => ({ x: seconds[index] ?? 0, y: drawn(value(bucket)) }));
  const isSingle = buckets.every(({ count }) => count === 1);
  const line = {
    borderColor: named('accent'),
    backgroundColor: named('accent'),
    borderWidth: 2,
    pointRadius: isSingle ? 2 : 0,
    pointHitRadius: 8,
  };
  if (isSingle) return [{ ...line, label: 'each value', data: points(({ median }) => median) }];
  const edge = {
    borderColor: named('accent', 0.35),
    borderWidth: 1,
    pointRadius: 0,
    pointHitRadius: 0,
    backgroundColor: named('accent', 0.2),
  };
  return [
    { ...line, label: 'median of a span', data: points(({ median }) => median) },
    { ...edge, label: 'lowest to highest of it', data: points(({ low }) => low), fill: '+1' },
    { ...edge, label: '', data: points(({ high }) => high) },
  ];
}

function rowOf({ fromMs, toMs, count, low, median, high }: Bucket, start: number): string[] {
  const seconds = (time: number): string => ((time - start) / 1000).toFixed(2);
  return [seconds(fromMs), seconds(toMs), grouped(count), ...[low, median, high].map((value) => numberWords(value))];
}

function altOf({ unit }: Measurement, buckets: readonly Bucket[], count: number): string {
  const start = Math.min(...buckets.map(({ fromMs }) => fromMs));
  const end = Math.max(...buckets.map(({ toMs }) => toMs));
  const highest = buckets.reduce((a, b) => (b.high > a.high ? b : a));
  const lowest = buckets.reduce((a, b) => (b.low < a.low ? b : a));
  const place = ({ fromMs }: Bucket): string => `${numberWords((fromMs - start) / 1000, 3)} s`;
  const value = (number: number): string => quantity(number, label(unit, 20));
  return (
    `${grouped(count)} values over ${numberWords((end - start) / 1000, 3)} s: the lowest is ${value(lowest.low)} at ${place(lowest)}, ` +
    `the highest ${value(highest.high)} at ${place(highest)}; the medians of ${buckets.length} spans lie between ` +
    `${value(Math.min(...buckets.map(({ median }) => median)))} and ${value(Math.max(...buckets.map(({ median }) => median)))}.`
  );
}
