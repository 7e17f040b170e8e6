import type { ChartDescription } from '../../charts/chart.ts';
import { SYNTHETIC } from '../../charts/options.ts';
import { shorten } from '../wrap.ts';
import { html, type Html, trusted } from './markup.ts';

/** One chart: an empty canvas, what one would see on it, and its numbers, folded away. */
export function chartFigure({ id, title, caption, alt, isSynthetic, table, shows }: ChartDescription): Html {
  const name = isSynthetic ? `${title} (${SYNTHETIC})` : title;
  const chip = isSynthetic ? html` <span class="synthetic">${SYNTHETIC}</span>` : null;
  return html`<figure class="chart${shows.length > 1 ? ' chart-common' : ''}">
<figcaption><h4>${caption}${chip}</h4></figcaption>
<div class="canvas"><canvas id="chart-${id}" role="img" aria-label="${name}" aria-describedby="chart-${id}-words"></canvas></div>
<p class="words" id="chart-${id}-words">${alt}</p>
<details><summary>The numbers${chip} <span class="count">${table.rows.length}</span></summary>
<div class="wide tall" tabindex="0" role="region" aria-label="Numbers of ${name}">
<table class="numbers"><caption class="unseen">${name}</caption>
<thead><tr>${table.columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${table.rows.map((row) => html`<tr>${row.map((cell, index) => (index === 0 ? html`<th scope="row">${shorten(cell, 200)}</th>` : html`<td>${cell}</td>`))}</tr>\n`)}</tbody></table></div></details>
</figure>
`;
}

/** What the script draws. It is data to a browser, so its policy does not look at it. */
export function chartData(charts: readonly ChartDescription[]): Html {
  const json = JSON.stringify(charts.map(({ id, height, config }) => ({ id, height, config })));
  // What could end the element is written as JSON can say it, too.
  return trusted(`<script type="application/json" id="chart-data">${json.replaceAll('<', String.raw`\u003c`)}</script>\n`);
}
