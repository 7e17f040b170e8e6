import { groupedBy } from '../grouped.ts';
import { quantile } from './quantile.ts';

/** What was measured within one span of time. */
export interface Bucket {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** More spans than this no picture can show side by side. */
const MOST = 120;

/**
 * Samples in spans of equal length, each with its lowest, middle and highest value: no peak is lost, however many there are.
 * So few that each can be seen are a span each. Spans without a sample are left out.
 */
export function bucketsOf(samples: readonly Sample[]): Bucket[] {
  const times = samples.map(({ atMs }) => atMs);
  const first = times.reduce((low, time) => Math.min(low, time), Infinity);
  const length = times.reduce((high, time) => Math.max(high, time), -Infinity) - first;
  if (samples.length <= MOST || length <= 0) return few(samples);
  const groups = Array.from({ length: MOST }, (): number[] => []);
  for (const { atMs, value } of samples) groups[Math.min(Math.floor(((atMs - first) / length) * MOST), MOST - 1)]?.push(value);
  return groups.flatMap((values, index) => {
    const [fromMs, toMs] = [first + (index * length) / MOST, first + ((index + 1) * length) / MOST];
    return values.length === 0 ? [] : [bucket(fromMs, toMs, values)];
  });
}

/** A span for each time. */
function few(samples: readonly Sample[]): Bucket[] {
  const byTime = groupedBy(samples, ({ atMs }) => atMs);
  return [...byTime]
    .toSorted(([a], [b]) => a - b)
    .map(([atMs, group]) =>
      bucket(
        atMs,
        atMs,
        group.map(({ value }) => value),
      ),
    );
}

function bucket(fromMs: number, toMs: number, values: readonly number[]): Bucket {
  const sorted = Float64Array.from(values).toSorted();
  return { fromMs, toMs, count: values.length, low: sorted[0] ?? 0, median: quantile(sorted, 0.5), high: sorted.at(-1) ?? 0 };
}
