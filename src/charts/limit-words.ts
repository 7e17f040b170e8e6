import { type JudgedFigure, judgedFigure } from '../report/limit.ts';
import type { Figure, Limit, Measurement } from '../report/measurement.ts';
import { numberWords, overheadWords, quantity, ratioWords } from './number-words.ts';
import { label } from './text.ts';

/** What a ratio of costs has no unit for. */
export function isRatio(name: string): boolean {
  return name === 'ratio';
}

/** `13 ms`, `1.0196 (+1.96 %)` */
export function figureWords({ name, value }: Pick<Figure, 'name' | 'value'>, unit: string): string {
  return isRatio(name) ? `${ratioWords(value)} (${overheadWords(value)})` : quantity(value, label(unit, 20));
}

/** `1.0173 to 1.0221`; null without bounds. */
export function boundsWords({ name, value, low, high }: Figure): string | null {
  if (low === undefined && high === undefined) return null;
  const words = isRatio(name) ? ratioWords : numberWords;
  return `${words(low ?? value)} to ${words(high ?? value)}`;
}

const KINDS: Readonly<Record<Limit['kind'], string>> = { below: 'below', 'at-most': 'at most', above: 'above', 'at-least': 'at least' };

/** `p95 below 20 ms`, `ratio below 1.05 (+5.00 %)` */
export function limitWords(limit: Limit, unit: string): string {
  return `${label(limit.figure, 30)} ${boundWords(limit, unit)}`;
}

function boundWords({ figure, value, kind }: Limit, unit: string): string {
  const bound = isRatio(figure) ? `${numberWords(value)} (${overheadWords(value)})` : quantity(value, label(unit, 20), 6);
  return `${KINDS[kind]} ${bound}`;
}

/** Whether the judged figure keeps its limit, in words that stand alone. */
export function stateWords({ synthetic }: Pick<Measurement, 'synthetic'>, state: JudgedFigure['state']): string {
  const words = STATE_WORDS[state];
  if (synthetic !== true || (state !== 'keeps' && state !== 'breaks')) return words;
  // Nothing that was made up keeps or breaks anything.
  return `would ${state === 'keeps' ? 'keep' : 'break'} the limit, if it were measured`;
}

const STATE_WORDS: Readonly<Record<JudgedFigure['state'], string>> = {
  keeps: 'keeps the limit',
  breaks: 'breaks the limit',
  undecided: 'cannot be told, because the bounds lie on both sides of the limit',
  missing: 'was not measured',
};

/** `p95 is 13 ms and has to be below 20 ms: keeps the limit`. Empty where nothing was asked. */
export function judgedWords(measurement: Measurement): string {
  const judged = judgedFigure(measurement);
  if (judged === null) return '';
  const { figure, limit, state } = judged;
  const asked = `has to be ${boundWords(limit, measurement.unit)}`;
  const name = label(limit.figure, 30);
  if (figure === null) return `${name} ${asked}, and ${stateWords(measurement, 'missing')}`;
  return `${name} is ${judgedValue(figure, limit, measurement.unit)} and ${asked}: ${stateWords(measurement, state)}`;
}

/** As many digits as it takes to see on which side of the limit it is. */
function judgedValue(figure: Figure, limit: Limit, unit: string): string {
  if (isRatio(figure.name)) return figureWords(figure, unit);
  const digits = [4, 6, 9].find((count) => numberWords(figure.value, count) !== numberWords(limit.value, count)) ?? 4;
  return quantity(figure.value, label(unit, 20), digits);
}
