import type { Measurement } from '../report/measurement.ts';
import { drawn, isDrawable } from './axis.ts';
import { named } from './colours.ts';
import { quantity } from './number-words.ts';
import type { ReferenceLine } from './reference-lines.ts';
import { label } from './text.ts';

/** What a picture of single values marks beside the limit. */
const MARKED = ['median', 'p95', 'p99'];

/** The median and the percentiles, as the measurement gives them. */
export function figureLines({ figures, unit }: Measurement): ReferenceLine[] {
  return MARKED.flatMap((name) => {
    const figure = figures.find((one) => one.name === name);
    if (figure === undefined || !isDrawable(figure.value)) return [];
    return [
      {
        value: drawn(figure.value),
        label: `${name} ${quantity(figure.value, label(unit, 20))}`,
        color: named('text'),
        isDashed: true,
      },
    ];
  });
}

/** The limit on one of the figures: one line or none. */
export function limitLine({ limit, unit, synthetic }: Measurement): ReferenceLine[] {
  if (limit === undefined || !isDrawable(limit.value)) return [];
  const words = `${label(limit.figure, 20)} limit ${quantity(limit.value, label(unit, 20), 6)}`;
  return [{ value: drawn(limit.value), label: words, color: limitColour({ synthetic: synthetic === true }) }];
}

/** Of a limit that something real has to keep; of made-up values it is a line like others. */
export function limitColour({ synthetic }: { readonly synthetic: boolean }): string {
  return named(synthetic ? 'text' : 'no-go');
}

/** An axis is made longer to show a limit, but not so far that nothing else can be seen. */
const REACH = 1.5;

/** Low and high, with the limit when it is near enough. */
export function withLimit(low: number, high: number, limit: readonly ReferenceLine[]): readonly [number, number] {
  const reach = REACH * (high - low);
  const near = limit.map(({ value }) => value).filter((value) => value >= low - reach && value <= high + reach);
  return [Math.min(low, ...near), Math.max(high, ...near)];
}
