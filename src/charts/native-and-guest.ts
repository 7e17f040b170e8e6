import type { ChartConfiguration, ChartDataset } from 'chart.js';

import type { Measurement } from '../report/measurement.ts';
import { axisOver, drawn, isDrawable } from './axis.ts';
import type { ChartDraft } from './chart.ts';
import { named } from './colours.ts';
import { numberWords } from './number-words.ts';
import { frame, names, numbers } from './options.ts';
import { quantile } from './quantile.ts';
import { label, twoLines } from './text.ts';

const MOST = 12;
const ROW_HEIGHT = 66;
/** Smaller ones could not be seen beside the longest bar. */
const SMALLEST_SHARE = 0.1;

/** One side of a comparison. */
interface Side {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

interface Pair {
  readonly measurement: Measurement;
  readonly native: Side;
  readonly guest: Side;
}

/** At least one; the first is the longest. */
type Group = [Pair, ...Pair[]];

/** Native beside guest, as bars from zero with the range of the blocks: one chart for what has one unit and one size. */
export function nativeAndGuest(measurements: readonly Measurement[]): ChartDraft[] {
  const pairs = measurements.flatMap((measurement) => pairOf(measurement) ?? []).toSorted((a, b) => longest(b) - longest(a));
  const groups: Group[] = [];
  for (const pair of pairs) {
    const group = groups.find((one) => one.length < MOST && belongs(pair, one[0]));
    if (group === undefined) groups.push([pair]);
    else group.push(pair);
  }
  const place = (group: Group): number => Math.min(...group.map(({ measurement }) => measurements.indexOf(measurement)));
  return groups.toSorted((a, b) => place(a) - place(b)).map((group) => chart(group));
}

function belongs(pair: Pair, first: Pair): boolean {
  const { unit, better } = pair.measurement;
  return unit === first.measurement.unit && better === first.measurement.better && longest(pair) >= SMALLEST_SHARE * longest(first);
}

function longest({ native, guest }: Pair): number {
  return Math.max(native.high, guest.high);
}

function pairOf(measurement: Measurement): Pair | null {
  const { data } = measurement;
  if (data.kind !== 'blocks') return null;
  const native = sideOf(measurement, 'native', data.native);
  const guest = sideOf(measurement, 'guest', data.guest);
  return native === null || guest === null ? null : { measurement, native, guest };
}

/** The figure of that name, else the median of the blocks; bounded by the figure's bounds, else by the lowest and highest block. */
function sideOf({ figures }: Measurement, name: string, blocks: readonly number[]): Side | null {
  const figure = figures.find((one) => one.name === name);
  const sorted = Float64Array.from(blocks.filter((value) => isDrawable(value))).toSorted();
  const value = figure?.value ?? (sorted.length === 0 ? undefined : quantile(sorted, 0.5));
  if (value === undefined) return null;
  const low = Math.min(figure?.low ?? sorted[0] ?? value, value);
  const high = Math.max(figure?.high ?? sorted.at(-1) ?? value, value);
  return [value, low, high].every((one) => isDrawable(one)) ? { value, low, high } : null;
}

function chart(pairs: Group): ChartDraft {
  const isSynthetic = pairs.some(({ measurement }) => measurement.synthetic === true);
  const { title, unit, better } = pairs[0].measurement;
  const name = pairs.length === 1 ? label(title, 60) : `What is measured in ${label(unit, 20)}`;
  return {
    title: `${name}: native beside guest`,
    caption: pairs.length === 1 ? 'Native beside guest' : `${name}: native beside guest`,
    alt: `Bars from zero: ${pairs.map((pair) => pairWords(pair)).join('; ')}. ${better === 'higher' ? 'Higher' : 'Lower'} is better.`,
    isSynthetic,
    shows: pairs.map(({ measurement }) => measurement),
    height: 104 + ROW_HEIGHT * pairs.length,
    config: configOf(pairs, isSynthetic, `${label(unit, 20)}${unit === '' ? '' : '; '}${better} is better`),
    table: {
      columns: ['Benchmark', ...['Native', 'Guest'].flatMap((side) => [side, `${side}, lowest to highest`])],
      rows: pairs.map((pair) => tableRow(pair)),
    },
  };
}

function configOf(pairs: readonly Pair[], isSynthetic: boolean, axisTitle: string): ChartConfiguration {
  const [native, guest] = [pairs.map((pair) => pair.native), pairs.map((pair) => pair.guest)];
  const all = [...native, ...guest];
  const axis = axisOver(Math.min(0, ...all.map(({ low }) => low)), Math.max(0, ...all.map(({ high }) => high)), 6);
  const bounds = [native, guest].map((sides) => sides.map(({ low, high }): [number, number] => [drawn(low), drawn(high)]));
  return {
    type: 'bar',
    data: {
      labels: pairs.map(({ measurement }) => twoLines(measurement.title, 17)),
      datasets: [bars('native', native, named('muted', 0.6)), bars('guest', guest, named('accent', 0.85))],
    },
    options: {
      indexAxis: 'y',
      ...frame({ isSynthetic, hasLegend: true, plugins: { whiskers: { axis: 'x', color: named('text'), bounds } } }),
      scales: { x: numbers(axis, axisTitle), y: names() },
    },
  };
}

function bars(name: string, sides: readonly Side[], colour: string): ChartDataset {
  return {
    label: name,
    data: sides.map(({ value }) => drawn(value)),
    backgroundColor: colour,
    borderColor: colour,
    categoryPercentage: 0.75,
    barPercentage: 0.9,
  };
}

function pairWords({ measurement: { title, unit }, native, guest }: Pair): string {
  return `${label(title, 60)} native ${sideWords(native)}, guest ${sideWords(guest)} ${label(unit, 20)}`.trimEnd();
}

function sideWords({ value, low, high }: Side): string {
  return `${numberWords(value)} (${numberWords(low)} to ${numberWords(high)})`;
}

function tableRow({ measurement: { title, unit }, native, guest }: Pair): string[] {
  const cells = ({ value, low, high }: Side): string[] => [
    `${numberWords(value)} ${label(unit, 20)}`.trim(),
    `${numberWords(low)} to ${numberWords(high)}`,
  ];
  return [title, ...cells(native), ...cells(guest)];
}
