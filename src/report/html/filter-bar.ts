import type { Report, Result } from '../model.ts';
import { html, type Html } from './markup.ts';

/** Fewer results are found by looking. */
const WORTH_FILTERING = 8;

const SEVERITIES = ['blocker', 'major', 'minor', 'info'] as const satisfies readonly Result['severity'][];

const STATUSES = [
  ['fail', 'failed'],
  ['error', 'could not look'],
  ['pass', 'passed'],
  ['not-applicable', 'not applicable'],
  ['skipped', 'skipped'],
] as const satisfies readonly (readonly [Result['status'], string])[];

/** What narrows findings and results down. It does nothing without the script, which shows it. */
export function filterBar(report: Report): Html | null {
  const { results } = report;
  if (results.length < WORTH_FILTERING) return null;
  const severities = new Set(results.map(({ severity }) => severity));
  const statuses = new Set(results.map(({ status }) => status));
  return html`<div class="filter" role="search" aria-label="Checks" hidden>
<label>Find checks <input type="search" name="text" autocomplete="off" spellcheck="false"></label>
<label>Severity ${choice(
    'severity',
    SEVERITIES.filter((one) => severities.has(one)).map((one) => [one, one]),
  )}</label>
<label>Status ${choice(
    'status',
    STATUSES.filter(([one]) => statuses.has(one)),
  )}</label>
<button type="button">Clear</button>
<output></output><p class="hits"></p>
${unsearched(report)}</div>
`;
}

/** Only what occurs can be chosen. */
function choice(name: string, options: readonly (readonly [value: string, words: string])[]): Html {
  return html`<select name="${name}"><option value="">all</option>${options.map(([value, words]) => html`<option value="${value}">${words}</option>`)}</select>`;
}

/** Nobody shall take what the filter does not look at for something that is not there. */
function unsearched({ phase, measurements }: Report): Html | null {
  const parts = [...(phase === undefined ? [] : ['criteria']), ...(measurements.length === 0 ? [] : ['measurements'])];
  if (parts.length === 0) return null;
  const words = parts.join(' and ');
  return html`<p class="scope">${words.charAt(0).toUpperCase()}${words.slice(1)} are not searched.</p>
`;
}
