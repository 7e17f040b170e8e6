import { grouped } from '../../charts/number-words.ts';
import type { Measurement } from '../measurement.ts';
import type { Report } from '../model.ts';
import { shorten } from '../wrap.ts';
import { mark } from './figures.ts';
import { SEVERITY_NAMES, severityMeanings } from './grade.ts';
import { html, type Html } from './markup.ts';
import type { Section } from './section.ts';

/** How each figure was made, and how the checks are judged: what one has to know before one believes the verdict. */
export function methodsSection(report: Report): Section {
  return { id: 'methods', title: 'How this report was made', body: html`${judging(report)}${figures(report.measurements)}` };
}

const SEVERITIES = ['blocker', 'major', 'minor', 'info'] as const;

function judging({ strict = false, recorded = false, phase }: Report): Html {
  const means = severityMeanings({ strict });
  return html`<h3>How the checks are judged</h3>
<ul>
<li><b>GO</b>: no blocker failed, and each could be looked at. <b>NO-GO</b>: a blocker failed. <b>INCONCLUSIVE</b>: no blocker failed, but one could not be looked at or was skipped, or nothing was judged.</li>
${SEVERITIES.map((severity) => html`<li><b>${SEVERITY_NAMES[severity]}</b>: ${means[severity]}</li>\n`)}<li>What <b>could not be looked at</b> is never a pass: it is listed with the reason.</li>
<li>Each finding names what was observed, and where. ${recorded ? 'This report was made from a recording of the host: it says what was true when that was made.' : 'Nothing was changed: passcheck reads files and runs commands that only report.'}</li>
${phase === undefined ? null : html`<li>A <b>criterion</b> of the phase is met when each check and measurement that it names shows it. Made-up values never do.</li>\n`}</ul>
`;
}

function figures(measurements: readonly Measurement[]): Html | null {
  if (measurements.length === 0) return null;
  const names = new Set(measurements.flatMap((measurement) => measurement.figures.map(({ name }) => name)));
  const known = Object.entries(MEANINGS).filter(([name]) => names.has(name));
  return html`<h3>What the figures mean</h3>
<dl class="meanings">${known.map(([name, words]) => html`<div><dt>${name}</dt><dd>${words}</dd></div>\n`)}<div><dt>limit</dt><dd>A figure with bounds keeps a limit when all of the range between them does. When the bounds lie on both sides, it cannot be told, and more values are needed.</dd></div>
${kindsWords(measurements)}<div><dt>charts</dt><dd>A histogram counts values in ranges of equal width; values far outside have a grey bar beside it, which says where they begin and how far they go. A line of dots at the edge stands for a limit beyond it. A time line of more than 120 values shows the lowest, the median and the highest of each of 120 spans, so no peak is lost. Bars begin at zero.</dd></div></dl>
<h3>How each figure was made</h3>
${measurements.map((measurement) => made(measurement))}`;
}

/** Readers ask why one thing is judged by its p95 and another by its median. */
function kindsWords(measurements: readonly Measurement[]): Html | null {
  const judged = new Set(measurements.flatMap(({ limit }) => limit?.figure ?? []));
  const percentiles = [...judged].filter((name) => /^p\d{2}$/.test(name)).slice(0, 4);
  if (percentiles.length === 0 || !judged.has('median')) return null;
  return html`<div><dt>judged by</dt><dd>What comes again and again is judged by ${percentiles.join(' or ')}, because each late one is noticed: a frame, a thread that wakes up. What one feels as a whole is judged by its median: how far the pointer is behind the hand. A document that says “below 20 ms” and names no figure is read so.</dd></div>\n`;
}

const MEANINGS: Readonly<Record<string, string>> = {
  median: 'Half of the values are at or below it.',
  p95: 'The 95th percentile: 95 of 100 values are at or below it. Between two values it is taken in proportion to the distance (type 7 of Hyndman and Fan).',
  p99: 'The 99th percentile, in the same way.',
  max: 'The greatest single value.',
  min: 'The least single value.',
  native: 'The median of the blocks on bare metal; its bounds are the lowest and the highest block.',
  guest: 'The median of the blocks in the guest; its bounds are the lowest and the highest block.',
  ratio:
    'The cost in the guest divided by the cost on bare metal, where cost is time, or one divided by a rate. 1.05 is an overhead of 5 %. Blocks are compared in pairs; the ratio is the Hodges-Lehmann estimate, and its bounds come from the signed-rank test.',
};

function made(measurement: Measurement): Html {
  const { title, subject, method, source, unit, better, synthetic } = measurement;
  const facts = [
    subject === null ? 'on the host' : `in ${shorten(subject, 200)}`,
    `${unit === '' ? 'without unit' : `in ${shorten(unit, 60)}`}, ${better} is better`,
    valuesWords(measurement),
    ...(synthetic === true ? ['nothing was measured'] : []),
  ];
  return html`<div class="made"><h4>${shorten(title, 200)}${mark(measurement)}</h4>
<p>${shorten(method, 2000)}</p>
<p class="muted"><code>${shorten(source, 500)}</code> · ${facts.join(' · ')}</p></div>
`;
}

function valuesWords({ data }: Measurement): string {
  switch (data.kind) {
    case 'samples':
      return `${grouped(data.values.length)} single values${data.atMs === undefined ? '' : ', with the time of each'}`;
    case 'blocks':
      return `${blocks(data.native.length)} on bare metal, ${blocks(data.guest.length)} in the guest`;
    case 'none':
      return 'only the figures were kept';
  }
}

function blocks(count: number): string {
  return count === 1 ? '1 block' : `${grouped(count)} blocks`;
}
