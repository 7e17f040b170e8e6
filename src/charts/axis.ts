/** An axis that begins and ends at ticks, which are round numbers. */
export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/**
 * Beyond it lies no time, rate or count that anybody measured; nor can what draws the axis count its ticks. Values beyond are
 * named in words and not drawn.
 */
const LARGEST = 1e15;
const SMALLEST = 1e-9;

/** Can it be drawn? */
export function isDrawable(value: number): boolean {
  return Math.abs(value) <= LARGEST;
}

/** An axis that shows `low` to `high` with at most so many steps, and one more. */
export function axisOver(low: number, high: number, steps: number): Axis {
  const step = roundStep(spread(low, high) / steps);
  const min = multiple(Math.floor(low / step + 1e-9), step);
  const max = multiple(Math.ceil(high / step - 1e-9), step);
  return max > min ? { min, max, step } : { min: min - step, max: max + step, step };
}

/** The distance of two values, but never less than what can be told apart beside their size. */
export function spread(low: number, high: number): number {
  return Math.max(high - low, 1e-6 * Math.max(Math.abs(low), Math.abs(high)), SMALLEST);
}

/** The next 1, 2, 2.5 or 5 times a power of ten. */
export function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= atLeast * (1 - 1e-9)) ?? 10;
  return Number((factor * power).toPrecision(3));
}

/** `count` steps, without the dust of binary fractions. */
export function multiple(count: number, step: number): number {
  return Number((count * step).toPrecision(12));
}

/** A value with as many digits as a picture can show: short as JSON. */
export function drawn(value: number): number {
  return Number(value.toPrecision(7));
}
