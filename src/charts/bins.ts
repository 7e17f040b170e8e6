import { multiple, roundStep, spread } from './axis.ts';
import { quantile } from './quantile.ts';

/** How many values lie in which range: `count[i]` from `from + i * width`, that one included, to the next one, excluded. */
export interface Bins {
  readonly from: number;
  readonly width: number;
  readonly counts: readonly number[];
  /** So many values lie below and above; they are in no bin. */
  readonly below: number;
  readonly above: number;
}

const FEWEST = 8;
const MOST = 32;
/** A tail is cut when it is so many times as long as what 99 % of the values need on that side of the median. */
const TAIL = 4;

/** Bins of round width for what is there: as wide as Freedman and Diaconis say, never more than a picture can show. */
export function binsOf(values: readonly number[]): Bins {
  const sorted = Float64Array.from(values).toSorted();
  const [low, high] = range(sorted);
  const iqr = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const ideal = (2 * iqr) / Math.cbrt(sorted.length);
  const wanted = ideal > 0 ? Math.min(Math.max((high - low) / ideal, FEWEST), MOST) : MOST / 2;
  const width = fitting(roundStep(Math.max(spread(low, high), Math.abs(high) * 0.02 * Number(low === high)) / wanted), sorted);
  const first = Math.floor(low / width + 1e-9);
  const last = Math.max(first, Math.floor(high / width + 1e-9));
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  let [below, above] = [0, 0];
  for (const value of sorted) {
    const bin = Math.floor(value / width + 1e-9) - first;
    if (bin < 0) below++;
    else if (bin >= counts.length) above++;
    else counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { from: multiple(first, width), width, counts, below, above };
}

/** Of whole numbers, or whatever a clock can tell apart, each bin has as many; else every other bar would be empty. */
function fitting(width: number, sorted: Float64Array): number {
  let quantum = Infinity;
  let different = 1;
  for (let index = 1; index < sorted.length; index++) {
    const distance = (sorted[index] ?? 0) - (sorted[index - 1] ?? 0);
    if (distance === 0) continue;
    different++;
    quantum = Math.min(quantum, distance);
  }
  const isCoarse = 2 * different <= sorted.length && quantum > width / 10;
  return isCoarse && quantum < Infinity ? multiple(Math.ceil(width / quantum - 1e-6), quantum) : width;
}

function range(sorted: Float64Array): readonly [number, number] {
  const [low = 0, high = low] = [sorted[0], sorted.at(-1)];
  const [early, middle, late] = [quantile(sorted, 0.005), quantile(sorted, 0.5), quantile(sorted, 0.995)];
  return [
    middle - low > TAIL * (middle - early) && early < middle ? early : low,
    high - middle > TAIL * (late - middle) && late > middle ? late : high,
  ];
}
