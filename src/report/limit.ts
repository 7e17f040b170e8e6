import type { Figure, Limit, Measurement } from './measurement.ts';

/**
 * Does a figure keep its limit? `undecided`: its bounds lie on both sides. `missing`: the measurement has no figure of that
 * name, so nothing is known.
 */
type LimitState = 'keeps' | 'breaks' | 'undecided' | 'missing';

/** A figure that has to keep a limit, and whether it does. */
export interface JudgedFigure {
  readonly limit: Limit;
  readonly figure: Figure | null;
  readonly state: LimitState;
}

/** Null when nothing was asked of the measurement. */
export function judgedFigure({ figures, limit }: Measurement): JudgedFigure | null {
  if (limit === undefined) return null;
  const figure = figures.find(({ name }) => name === limit.figure) ?? null;
  return { limit, figure, state: figure === null ? 'missing' : limitState(figure, limit) };
}

/** 105/100 is a hair under 1.05 in binary: what is equal but for rounding is equal. */
const ROUNDING = 1e-9;

function limitState(figure: Figure, limit: Limit): LimitState {
  const { low = figure.value, high = figure.value, value } = figure;
  const worst = isCeiling(limit) ? Math.max(low, value, high) : Math.min(low, value, high);
  const best = isCeiling(limit) ? Math.min(low, value, high) : Math.max(low, value, high);
  if (isKept(worst, limit)) return 'keeps';
  // Bounds that end at the limit itself do not show that the true value is beyond it.
  const isBounded = figure.low !== undefined || figure.high !== undefined;
  return isBounded && !isBeyond(best, limit) ? 'undecided' : 'breaks';
}

/** Is it a limit from above? */
export function isCeiling({ kind }: Limit): boolean {
  return kind === 'below' || kind === 'at-most';
}

function isKept(value: number, limit: Limit): boolean {
  if (limit.kind === 'at-most' || limit.kind === 'at-least') return !isBeyond(value, limit);
  return !isEqual(value, limit.value) && !isBeyond(value, limit);
}

function isBeyond(value: number, limit: Limit): boolean {
  if (isEqual(value, limit.value)) return false;
  return isCeiling(limit) ? value > limit.value : value < limit.value;
}

function isEqual(value: number, other: number): boolean {
  return value === other || Math.abs(value - other) <= ROUNDING * Math.abs(other);
}
