import type { ChartDataset } from 'chart.js';

import { type JudgedFigure, judgedFigure } from '../report/limit.ts';
import type { Figure, Measurement } from '../report/measurement.ts';
import { axisOver, drawn } from './axis.ts';
import type { ChartDraft } from './chart.ts';
import { named } from './colours.ts';
import { boundsWords, isRatio, limitWords, stateWords } from './limit-words.ts';
import { overheadWords, ratioWords } from './number-words.ts';
import { frame, names, numbers } from './options.ts';
import { quantile } from './quantile.ts';
import { type ReferenceLine, ROWS } from './reference-lines.ts';
import { limitColour } from './sample-lines.ts';
import { label, twoLines } from './text.ts';

/** More rows are not read in one picture; the table of the figures has all. */
const MOST = 40;
const ROW_HEIGHT = 44;

const TITLE = 'Cost in the guest as a ratio to native: more than 1 is slower';

interface Row {
  readonly measurement: Measurement;
  readonly ratio: Figure;
  readonly state: JudgedFigure['state'] | 'free';
}

/**
 * The ratios of all comparisons of guest and native in one picture, with their bounds, the line of equal speed and the limit.
 * Null when no measurement has a ratio.
 */
export function forest(measurements: readonly Measurement[]): ChartDraft | null {
  const rows = measurements.flatMap((measurement) => rowOf(measurement) ?? []).slice(0, MOST);
  if (rows.length === 0) return null;
  const isSynthetic = rows.some(({ measurement }) => measurement.synthetic === true);
  const lines = [{ value: 1, label: 'as native', color: named('muted') }, ...limitLines(rows)];
  const axis = ratioAxis(rows, lines);
  const inside = (value: number): number => drawn(Math.min(Math.max(value, axis.min), axis.max));
  return {
    title: TITLE,
    caption: TITLE,
    alt: `Ratios with their bounds: ${rows.map((row) => rowWords(row)).join('; ')}.`,
    isSynthetic,
    shows: rows.map(({ measurement }) => measurement),
    height: 90 + ROW_HEIGHT * rows.length,
    config: {
      type: 'scatter',
      data: {
        labels: rows.map(({ measurement }) => twoLines(measurement.title, 17)),
        datasets: [points(rows, inside)],
      },
      options: {
        ...frame({
          isSynthetic,
          labelRows: Math.min(lines.length, ROWS),
          plugins: {
            referenceLines: { axis: 'x', lines, backgroundColor: named('surface', 0.85) },
            whiskers: { axis: 'x', color: named('text'), bounds: [rows.map(({ ratio }) => boundsOf(ratio))] },
          },
        }),
        scales: { x: numbers(axis, 'guest / native'), y: { ...names(), offset: true } },
      },
    },
    table: { columns: ['Benchmark', 'Ratio', 'Overhead', 'Bounds', 'Limit', 'Verdict'], rows: rows.map((row) => tableRow(row)) },
  };
}

function rowOf(measurement: Measurement): Row | null {
  const ratio = measurement.figures.find(({ name, value }) => isRatio(name) && value > 0);
  if (ratio === undefined) return null;
  const judged = judgedFigure(measurement);
  return { measurement, ratio, state: judged?.figure === ratio ? judged.state : 'free' };
}

function boundsOf({ value, low, high }: Figure): [number, number] | null {
  if (low === undefined && high === undefined) return null;
  return [drawn(Math.min(low ?? value, value)), drawn(Math.max(high ?? value, value))];
}

const COLOURS = {
  keeps: named('go'),
  breaks: named('no-go'),
  undecided: named('open'),
  missing: named('muted'),
  free: named('accent'),
} as const;

/** The form says the same as the colour. */
const FORMS = { keeps: 'circle', breaks: 'triangle', undecided: 'rectRot', missing: 'circle', free: 'circle' } as const;

/** What was made up is not shown to keep or to break anything. */
function lookOf({ measurement, state }: Row): Row['state'] {
  return measurement.synthetic === true ? 'free' : state;
}

function points(rows: readonly Row[], inside: (value: number) => number): ChartDataset {
  const colours = rows.map((row) => COLOURS[lookOf(row)]);
  return {
    label: 'ratio',
    data: rows.map(({ ratio }, y) => ({ x: inside(ratio.value), y })),
    pointBackgroundColor: colours,
    pointBorderColor: colours,
    pointStyle: rows.map((row) => FORMS[lookOf(row)]),
    pointRadius: 6,
    pointHoverRadius: 7,
    pointHitRadius: 14,
    clip: false,
  };
}

/** One line for each limit there is; three are more than a picture needs. */
function limitLines(rows: readonly Row[]): ReferenceLine[] {
  const values = rows.flatMap(({ measurement: { limit } }) => (limit !== undefined && isRatio(limit.figure) ? limit.value : []));
  const color = limitColour({ synthetic: rows.every(({ measurement }) => measurement.synthetic === true) });
  return [...new Set(values)].slice(0, 3).map((value) => ({ value, label: `limit ${overheadWords(value)}`, color }));
}

/** One that is so much slower or faster than the others is drawn at the end of the axis; its number stands in the table. */
const FAR = { slow: 1.5, fast: 0.67 } as const;

function ratioAxis(rows: readonly Row[], lines: readonly ReferenceLine[]): { min: number; max: number; step: number } {
  const ends = rows.map(({ ratio }) => boundsOf(ratio) ?? [ratio.value, ratio.value]);
  const lows = Float64Array.from(ends.map(([low = 1]) => low)).toSorted();
  const highs = Float64Array.from(ends.map(([, high = 1]) => high)).toSorted();
  const marks = lines.map(({ value }) => value).filter((value) => value > FAR.fast && value < FAR.slow);
  const low = Math.max(Math.min(lows[0] ?? 1, ...marks), Math.min(FAR.fast, quantile(lows, 0.5) * FAR.fast), 0);
  const high = Math.min(Math.max(highs.at(-1) ?? 1, ...marks), Math.max(FAR.slow, quantile(highs, 0.5) * FAR.slow), 1e6);
  const room = 0.04 * (high - low);
  return axisOver(Math.max(low - room, 0), high + room, 7);
}

function rowWords({ measurement, ratio, state }: Row): string {
  const bounds = boundsWords(ratio);
  const verdict = state === 'free' ? '' : `, ${stateWords(measurement, state)}`;
  return `${label(measurement.title, 60)} ${ratioWords(ratio.value)}${bounds === null ? '' : ` (${bounds})`}${verdict}`;
}

function tableRow({ measurement, ratio, state }: Row): string[] {
  const { limit } = measurement;
  return [
    measurement.title,
    ratioWords(ratio.value),
    overheadWords(ratio.value),
    boundsWords(ratio) ?? 'none',
    limit === undefined || state === 'free' ? 'none' : limitWords(limit, measurement.unit),
    state === 'free' ? 'not judged' : stateWords(measurement, state),
  ];
}
