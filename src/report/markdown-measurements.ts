import type { ChartDescription } from '../charts/chart.ts';
import { boundsWords, figureWords, judgedWords, stateWords } from '../charts/limit-words.ts';
import { chartsOf } from '../charts/of-measurements.ts';
import { SYNTHETIC } from '../charts/options.ts';
import { escapeMarkdown, inlineCode } from './escape-markdown.ts';
import { judgedFigure } from './limit.ts';
import type { Figure, Measurement } from './measurement.ts';
import type { Report } from './model.ts';
import { shorten } from './wrap.ts';

/** The pictures that were written beside the text, by chart: a path relative to it. */
export type Pictures = ReadonlyMap<string, string>;

/** What was measured, as Markdown: figures in tables, each with its definition and its limit, and the charts that there are pictures of. */
export function measurementsMarkdown({ measurements }: Report, pictures: Pictures = new Map()): string[] {
  if (measurements.length === 0) return [];
  const charts = pictures.size === 0 ? [] : chartsOf(measurements);
  return ['', '## Measurements', ...measurements.flatMap((measurement) => measured(measurement, charts, pictures))];
}

/** A chart of several measurements stands before the first of them. */
function measured(measurement: Measurement, charts: readonly ChartDescription[], pictures: Pictures): string[] {
  const { title, subject, method, source, synthetic } = measurement;
  const first = charts.filter(({ shows }) => shows[0] === measurement);
  const own = first.filter(({ shows }) => shows.length === 1);
  const common = first.filter(({ shows }) => shows.length > 1);
  const about = subject === null ? '' : ` ${inlineCode(shorten(subject, 200))}`;
  return [
    ...common.flatMap((chart) => picture(chart, pictures)),
    '',
    `### ${escapeMarkdown(shorten(title, 200))}${about}${synthetic === true ? ` — ${SYNTHETIC}` : ''}`,
    '',
    ...(synthetic === true ? [`**${SYNTHETIC}**: made up, nothing was measured.`, ''] : []),
    escapeMarkdown(shorten(method, 2000)),
    ...verdict(measurement),
    ...figures(measurement),
    '',
    `Made by ${inlineCode(shorten(source, 500))}`,
    ...own.flatMap((chart) => picture(chart, pictures)),
  ];
}

function verdict(measurement: Measurement): string[] {
  const judged = judgedFigure(measurement);
  if (judged === null) return [];
  const state = stateWords(measurement, judged.state);
  const words = judgedWords(measurement);
  return ['', `${escapeMarkdown(words.slice(0, words.length - state.length))}**${state}**`];
}

function figures({ figures: all, unit }: Measurement): string[] {
  if (all.length === 0) return [];
  return [
    '',
    row(all.map(({ name }) => escapeMarkdown(shorten(name, 60)))),
    row(all.map(() => '---:')),
    row(all.map((figure) => escapeMarkdown(cell(figure, unit)))),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cell(figure: Figure, unit: string): string {
  const bounds = boundsWords(figure);
  return `${figureWords(figure, unit)}${bounds === null ? '' : `, ${bounds}`}`;
}

function picture({ id, alt, title, isSynthetic }: ChartDescription, pictures: Pictures): string[] {
  const path = pictures.get(id);
  if (path === undefined) return [];
  return ['', `![${escapeMarkdown(`${title}${isSynthetic ? ` (${SYNTHETIC})` : ''}. ${alt}`)}](${path})`];
}
