import type { BarNote } from './bar-notes.ts';
import { type Bins } from './bins.ts';
import { multiple } from './axis.ts';
import { grouped, quantity } from './number-words.ts';
import type { ReferenceLine } from './reference-lines.ts';

/** Values far outside, on one side of the bins. They have one bar, beside the others. */
export interface Outliers {
  readonly side: 'below' | 'above';
  /** Where the bins end. */
  readonly edge: number;
  readonly count: number;
  readonly extreme: number;
  /** Where their bar stands: it is no place of theirs. */
  readonly x: number;
  /** A limit on this side, and how many lie beyond it. */
  readonly beyond: { readonly limit: number; readonly count: number } | null;
}

/** From the bins to the bar of what lies outside, in bins. */
const DISTANCE = 1.5;
/** From there to the end of the axis. */
const ROOM = 1;

/** What lies below, then what lies above. */
export function outliersOf(values: readonly number[], { from, width, counts, below, above }: Bins, limits: readonly number[]): Outliers[] {
  const end = multiple(Math.round(from / width) + counts.length, width);
  const [limit] = limits;
  const beyond = (isBeyond: (value: number, limit: number) => boolean, edge: number): Outliers['beyond'] =>
    limit === undefined || !isBeyond(limit, edge) ? null : { limit, count: values.filter((value) => isBeyond(value, limit)).length };
  const low: Outliers[] =
    below === 0
      ? []
      : [
          {
            side: 'below',
            edge: from,
            count: below,
            extreme: values.reduce((a, b) => Math.min(a, b), Infinity),
            x: from - DISTANCE * width,
            beyond: beyond((a, b) => a < b, from),
          },
        ];
  if (above === 0) return low;
  const extreme = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return [...low, { side: 'above', edge: end, count: above, extreme, x: end + DISTANCE * width, beyond: beyond((a, b) => a > b, end) }];
}

/** How far an axis has to go beyond the bins to show their bar. */
export function roomOf({ x, side }: Outliers, width: number): number {
  return x + (side === 'below' ? -ROOM : ROOM) * width;
}

/** `≥ 19 µs: 10`, `up to 61 µs`, `2 above 50 µs` */
export function outlierWords({ side, edge, count, extreme, beyond }: Outliers, unit: string): string[] {
  const isAbove = side === 'above';
  return [
    `${isAbove ? '≥' : '<'} ${quantity(edge, unit, 7)}: ${grouped(count)}`,
    `${isAbove ? 'up' : 'down'} to ${quantity(extreme, unit)}`,
    ...(beyond === null || beyond.count === 0 ? [] : [`${grouped(beyond.count)} ${side} ${quantity(beyond.limit, unit, 6)}`]),
  ];
}

/** So many of the bins, as a share, can lie below words at the end of a narrow picture. */
const NEAR = 0.4;

/** The same above their bar, and above the bins beside it. */
export function outlierNote(outliers: Outliers, { counts }: Bins, unit: string): BarNote {
  const { x, count, side } = outliers;
  const near = Math.ceil(counts.length * NEAR);
  const beside = side === 'above' ? counts.slice(-near) : counts.slice(0, near);
  const above = beside.reduce((most, one) => Math.max(most, one), count);
  return { x, y: count, above, lines: outlierWords(outliers, unit), side: side === 'above' ? 'left' : 'right' };
}

/** Lines that stand where values are drawn as they are. */
export function linesWithin(lines: readonly ReferenceLine[], outliers: readonly Outliers[]): ReferenceLine[] {
  return lines.filter(({ value }) => outliers.every(({ side, edge }) => (side === 'above' ? value < edge : value >= edge)));
}
