import { figureWords, judgedWords } from '../charts/limit-words.ts';
import { SYNTHETIC } from '../charts/options.ts';
import { type JudgedFigure, judgedFigure } from './limit.ts';
import type { Measurement } from './measurement.ts';
import type { Report } from './model.ts';
import { oneLine } from './sanitize.ts';
import type { Style } from './terminal-result.ts';
import { hang, shorten } from './wrap.ts';

/** What was measured, shortly: the judged figure with its limit and its definition, or what figures there are. */
export function measurementLines({ measurements }: Report, style: Style): string[] {
  if (measurements.length === 0) return [];
  return ['', style.paint('bold', 'Measured'), ...measurements.flatMap((measurement) => lines(measurement, style))];
}

const GLYPHS = {
  keeps: ['✓', 'pass'],
  breaks: ['✗', 'fail'],
  undecided: ['?', 'error'],
  missing: ['?', 'error'],
} as const satisfies Readonly<Record<JudgedFigure['state'], readonly [string, string]>>;

function lines(measurement: Measurement, style: Style): string[] {
  const { title, subject, synthetic, method } = measurement;
  const judged = judgedFigure(measurement);
  const [glyph, colour] = judged === null || synthetic === true ? (['-', 'faint'] as const) : GLYPHS[judged.state];
  const name = `${shorten(title, 200)}${subject === null ? '' : ` (${shorten(subject, 200)})`}${synthetic === true ? ` — ${SYNTHETIC}, made up` : ''}`;
  const [first = '', ...rest] = hang(`${glyph} `, oneLine(name), style.columns);
  const said = judged === null ? figuresWords(measurement) : judgedWords(measurement);
  return [
    style.paint(colour, glyph) + first.slice(glyph.length),
    ...rest,
    ...(said === '' ? [] : hang('  ', oneLine(said), style.columns)),
    ...(judged === null || method === ''
      ? []
      : hang('  ', oneLine(shorten(method, 400)), style.columns).map((line) => style.paint('faint', line))),
  ];
}

function figuresWords({ figures, unit }: Measurement): string {
  return figures
    .slice(0, 8)
    .map((figure) => `${shorten(figure.name, 60)} ${figureWords(figure, unit)}`)
    .join(', ');
}
