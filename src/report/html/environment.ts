import type { Report } from '../model.ts';
import { html, type Html } from './markup.ts';
import { environmentAnchor } from './part-anchors.ts';
import type { Section } from './section.ts';

/** What the results hold for: software and settings, and how the host was looked at. */
export function environmentSection(report: Report): Section | null {
  const { machine, facts } = report;
  if (machine === undefined && facts.length === 0) return null;
  return { id: 'environment', title: 'Environment', body: html`${rowsTable(report)}${factsTable(facts)}` };
}

function rowsTable({ tool, recorded, machine }: Report): Html {
  const looked = recorded === true ? 'at a recording of the host' : 'at the host itself';
  const rows = [
    { anchor: null, name: 'passcheck', value: `${tool.version}${machine === undefined ? '' : `, looked ${looked}`}`, source: '' },
    ...(machine?.environment ?? []).map((row, index) => ({ ...row, anchor: environmentAnchor(index) })),
  ];
  const about =
    machine === undefined
      ? 'This report does not say what the host runs.'
      : 'The results hold for this software and these settings; what could not be looked at has no line.';
  return html`<p class="muted">${about}</p>
<div class="wide" tabindex="0" role="region" aria-label="Software and settings">
<table class="parts environment" aria-label="Software and settings">
<thead><tr><th scope="col">What</th><th scope="col">Value</th><th scope="col">Known from</th></tr></thead>
<tbody>
${rows.map(({ anchor, name, value, source }) => html`<tr${anchor === null ? null : html` id="${anchor}"`}><th scope="row">${name}</th><td>${value}</td><td>${source}</td></tr>\n`)}</tbody></table>
</div>
`;
}

/** Every question that was asked of the host, for whoever wants to know why a run took long or a check could not look. */
function factsTable(facts: Report['facts']): Html | null {
  if (facts.length === 0) return null;
  const failed = facts.filter(({ status }) => status === 'error').length;
  const count = `${facts.length} ${facts.length === 1 ? 'fact' : 'facts'}`;
  return html`<details class="looked"><summary>How the host was looked at: ${count}${failed === 0 ? '' : `, ${failed} of them could not be had`}</summary>
<div class="wide tall" tabindex="0" role="region" aria-label="Facts">
<table class="parts facts sortable" aria-label="Facts">
<thead><tr><th scope="col">Fact</th><th scope="col">Answer</th><th scope="col" class="number">Milliseconds</th></tr></thead>
<tbody>
${facts.map(({ id, status, ms }) => html`<tr><th scope="row">${id}</th><td${status === 'error' ? html` class="unseen"` : null}>${status === 'ok' ? 'had' : 'could not be had'}</td><td class="number">${ms}</td></tr>\n`)}</tbody></table>
</div></details>
`;
}
