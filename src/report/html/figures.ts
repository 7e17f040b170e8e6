import type { ChartDescription } from '../../charts/chart.ts';
import { boundsWords, figureWords, judgedWords, stateWords } from '../../charts/limit-words.ts';
import { chartsOf, MOST_CHARTS } from '../../charts/of-measurements.ts';
import { SYNTHETIC } from '../../charts/options.ts';
import { judgedFigure } from '../limit.ts';
import type { Figure, Measurement } from '../measurement.ts';
import type { Report } from '../model.ts';
import { shorten } from '../wrap.ts';
import { chartData, chartFigure } from './chart-figure.ts';
import { html, type Html } from './markup.ts';
import { measurementAnchor } from './part-anchors.ts';
import type { Section } from './section.ts';

/** What was measured: its figures, whether they keep their limits, and the charts of the values behind them. */
export function figuresSection({ measurements }: Report): Section | null {
  if (measurements.length === 0) return null;
  const charts = chartsOf(measurements);
  const body = html`${notes(measurements, charts)}${measurements.map((measurement, index) => measured(measurement, measurementAnchor(index), charts))}${charts.length === 0 ? null : chartData(charts)}`;
  const section: Section = { id: 'measurements', title: 'Measurements', count: measurements.length, body };
  return charts.length === 0 ? section : { ...section, hasCharts: true };
}

function notes(measurements: readonly Measurement[], charts: readonly ChartDescription[]): Html {
  const synthetic = measurements.filter((one) => one.synthetic === true).length;
  const which = synthetic === measurements.length ? 'All of these values are' : `${synthetic} of these measurements are`;
  return html`${
    synthetic === 0
      ? null
      : html`<p class="notice"><b>${SYNTHETIC}.</b> ${which} made up, to show what a report looks like. They say nothing about this machine.</p>\n`
  }${
    charts.length < MOST_CHARTS
      ? null
      : html`<p class="muted">A report has at most ${MOST_CHARTS} charts; the figures of all measurements are below.</p>\n`
  }${charts.length === 0 ? null : html`<noscript><p class="muted">The charts are drawn by a script of this page. Their numbers are in the tables.</p></noscript>\n`}`;
}

/** A chart of several measurements stands before the first of them. */
function measured(measurement: Measurement, anchor: string, charts: readonly ChartDescription[]): Html {
  const first = charts.filter(({ shows }) => shows[0] === measurement);
  const own = first.filter(({ shows }) => shows.length === 1);
  const common = first.filter(({ shows }) => shows.length > 1);
  return html`${common.map((chart) => html`<div class="charts">${chartFigure(chart)}</div>\n`)}<article class="measured" id="${anchor}">
<h3>${shorten(measurement.title, 200)}${measurement.subject === null ? null : html` <span class="about">${shorten(measurement.subject, 200)}</span>`}${mark(measurement)}</h3>
${verdict(measurement)}
<p class="method">${shorten(measurement.method, 2000)}</p>
${figures(measurement)}
${own.length === 0 ? null : html`<div class="charts">${own.map((chart) => chartFigure(chart))}</div>\n`}</article>
`;
}

/** The word on what was made up. */
export function mark({ synthetic }: Pick<Measurement, 'synthetic'>): Html | null {
  return synthetic === true ? html` <span class="synthetic">${SYNTHETIC}</span>` : null;
}

const STATE_CLASSES = { keeps: 'kept', breaks: 'broken', undecided: 'open', missing: 'open' } as const;

function verdict(measurement: Measurement): Html {
  const judged = judgedFigure(measurement);
  if (judged === null) return html`<p class="limit limit-none">No limit was set.</p>`;
  const words = judgedWords(measurement);
  const state = stateWords(measurement, judged.state);
  const look = measurement.synthetic === true ? 'made-up' : STATE_CLASSES[judged.state];
  const before = words.slice(0, words.length - state.length);
  return html`<p class="limit limit-${look}">${before}<b>${state}</b></p>`;
}

function figures({ title, figures: all, unit }: Measurement): Html | null {
  if (all.length === 0) return null;
  return html`<dl class="figures" aria-label="Figures of ${shorten(title, 200)}">${all.map((figure) => item(figure, unit))}</dl>`;
}

function item(figure: Figure, unit: string): Html {
  const bounds = boundsWords(figure);
  return html`<div><dt>${shorten(figure.name, 60)}</dt><dd>${figureWords(figure, unit)}${bounds === null ? null : html`<small>${bounds}</small>`}</dd></div>`;
}
