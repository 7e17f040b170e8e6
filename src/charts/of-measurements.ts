import type { Measurement } from '../report/measurement.ts';
import type { ChartDescription, ChartDraft } from './chart.ts';
import { forest } from './forest.ts';
import { histogram } from './histogram.ts';
import { nativeAndGuest } from './native-and-guest.ts';
import { timeLine } from './time-line.ts';

/** A page with more would be slow to open and over its size; the tables of the figures have all measurements. */
export const MOST_CHARTS = 24;

/**
 * The charts of what was measured, in its order; the comparisons of guest and native stand together where the first of them is.
 * The numbers in them are few, however many were measured: at most 24 charts with at most 120 spans of three values.
 */
export function chartsOf(measurements: readonly Measurement[]): ChartDescription[] {
  const charts: ChartDescription[] = [];
  const ids = new Set<string>();
  for (const { id, draft } of drafts(measurements)) {
    if (charts.length === MOST_CHARTS) break;
    const own = unique(id, ids);
    ids.add(own);
    charts.push({ id: own, ...draft });
  }
  return charts;
}

interface Named {
  readonly id: string;
  readonly draft: ChartDraft;
}

function* drafts(measurements: readonly Measurement[]): Generator<Named> {
  const comparisons = measurements.filter(({ data }) => data.kind === 'blocks');
  for (const measurement of measurements) {
    if (measurement === comparisons[0]) yield* ofComparisons(comparisons);
    if (measurement.data.kind === 'samples') yield* ofSamples(measurement, measurement.data);
  }
}

function* ofSamples(measurement: Measurement, { values, atMs }: { values: readonly number[]; atMs?: readonly number[] }): Generator<Named> {
  const id = slug(measurement.id);
  const spread = histogram(measurement, values);
  if (spread !== null) yield { id: `${id}-histogram`, draft: spread };
  const course = timeLine(measurement, values, atMs);
  if (course !== null) yield { id: `${id}-time-line`, draft: course };
}

/** More are more than all charts can show. */
const MOST_COMPARISONS = 100;

function* ofComparisons(all: readonly Measurement[]): Generator<Named> {
  const comparisons = all.slice(0, MOST_COMPARISONS);
  const ratios = forest(comparisons);
  if (ratios !== null) yield { id: 'guest-to-native', draft: ratios };
  for (const draft of nativeAndGuest(comparisons)) yield { id: `${slug(draft.shows[0]?.id ?? '')}-native-guest`, draft };
}

/** Only what a file name and an anchor may hold everywhere. */
function slug(id: string): string {
  const plain = id
    .slice(0, 60)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return plain === '' ? 'measurement' : plain;
}

function unique(id: string, taken: ReadonlySet<string>): string {
  let own = id;
  for (let count = 2; taken.has(own); count++) own = `${id}-${count}`;
  return own;
}
