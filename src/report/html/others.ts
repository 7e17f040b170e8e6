import type { Report, Result } from '../model.ts';
import { findings, withStatus } from '../order.ts';
import { shorten } from '../wrap.ts';
import { resultAnchors } from './anchors.ts';
import { sourceWords } from './evidence.ts';
import { filterBar } from './filter-bar.ts';
import { grade } from './grade.ts';
import { html, type Html } from './markup.ts';
import type { Section } from './section.ts';

/** Statuses of what is no finding, with their words and what their last column tells. */
const GROUPS = [
  { status: 'pass', name: 'Passed', says: 'What was seen' },
  { status: 'not-applicable', name: 'Not applicable', says: 'Why not' },
  { status: 'skipped', name: 'Skipped', says: 'What was left out' },
] as const;

type Group = (typeof GROUPS)[number];

interface Listing {
  readonly results: readonly Result[];
  readonly anchors: ReadonlyMap<Result, string>;
  /** What the whole report is about, and so is not said in each row. */
  readonly theSubject: string | null;
}

const LONGEST = 600;
const MOST_EVIDENCE = 8;

/** Everything that is no finding: what passed, with what was seen, and what was not judged, with the reason. */
export function othersSection(report: Report): Section | null {
  const anchors = resultAnchors(report);
  const tables = GROUPS.flatMap((group) => {
    const results = withStatus(report, group.status);
    return results.length === 0
      ? []
      : [{ count: results.length, markup: groupTable(group, { results, anchors, theSubject: report.subject.domain }) }];
  });
  if (tables.length === 0) return null;
  const count = tables.reduce((sum, table) => sum + table.count, 0);
  const hasFindings = findings(report).length > 0;
  const body = html`${hasFindings ? null : filterBar(report)}${notes(report)}${tables.map(({ markup }) => markup)}`;
  return { id: 'others', title: hasFindings ? 'All other results' : 'All results', count, body };
}

/** Where the results of one status are listed. */
export function resultsAnchor(status: Group['status']): string {
  return `results-${status}`;
}

/** What a check that passed has to say: what was inferred, what is unusual and still good. */
function notes(report: Report): Html | null {
  const noted = withStatus(report, 'pass').flatMap(({ id, subject, message }) => (message === null ? [] : [{ id, subject, message }]));
  if (noted.length === 0) return null;
  return html`<div class="notes"><h3>Noted</h3><ul>${noted.map(
    ({ id, subject, message }) =>
      html`<li><code>${id}</code>${subject === null || subject === report.subject.domain ? null : html` <span class="about">${shorten(subject, 200)}</span>`} ${shorten(message, LONGEST)}</li>`,
  )}</ul></div>
`;
}

function groupTable({ status, name, says }: Group, { results, anchors, theSubject }: Listing): Html {
  const hasSubjects = results.some(({ subject }) => subject !== null && subject !== theSubject);
  return html`<details class="group results" id="${resultsAnchor(status)}" data-group><summary><h3>${name} <span class="count">${results.length}</span></h3></summary>
<table class="sortable" aria-label="${name}"><thead><tr><th scope="col">Check</th>${hasSubjects ? html`<th scope="col" class="subject">Subject</th>` : null}<th scope="col" class="severity">Severity</th><th scope="col">${says}</th></tr></thead>
<tbody>${results.map((result) => row(result, anchors.get(result) ?? '', hasSubjects))}</tbody></table>
</details>
`;
}

function row(result: Result, anchor: string, hasSubjects: boolean): Html {
  const { id, subject, severity, status, title } = result;
  return html`<tr id="${anchor}" data-status="${status}" data-severity="${severity}"><th scope="row"><code>${id}</code><span class="title">${shorten(title, LONGEST)}</span></th>${
    hasSubjects ? html`<td>${shorten(subject ?? '', LONGEST)}</td>` : null
  }<td data-sort="${ORDER.indexOf(severity)}">${grade(result)}</td><td>${lastCell(result)}</td></tr>
`;
}

const ORDER = ['blocker', 'major', 'minor', 'info'];

function lastCell(result: Result): Html {
  const { message, evidence } = result;
  const left = evidence.length - MOST_EVIDENCE;
  const seen = evidence
    .slice(0, MOST_EVIDENCE)
    .map(
      ({ source, observed }) => html`<li><code>${shorten(sourceWords(result, source), LONGEST)}</code> ${shorten(observed, LONGEST)}</li>`,
    );
  return html`${message === null ? null : html`<p>${shorten(message, LONGEST)}</p>`}${seen.length === 0 ? null : html`<ul>${seen}</ul>`}${
    left > 0 ? html`<p class="muted">… and ${left} more</p>` : null
  }`;
}
