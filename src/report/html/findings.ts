import { groupedBy } from '../../grouped.ts';
import type { Report, Result } from '../model.ts';
import { notRecordedWords, shortIds, sift } from '../not-recorded.ts';
import { findings } from '../order.ts';
import { NOT_RECORDED_ANCHOR, resultAnchors } from './anchors.ts';
import { filterBar } from './filter-bar.ts';
import { finding } from './finding.ts';
import { SEVERITY_NAMES, severityMeanings } from './grade.ts';
import { html, type Html } from './markup.ts';
import type { Section } from './section.ts';

/** What failed, by severity, with evidence and fix. */
export function findingsSection(report: Report): Section | null {
  const failed = findings(report).filter(({ status }) => status === 'fail');
  if (failed.length === 0) return null;
  return {
    id: 'findings',
    title: 'Findings',
    count: failed.length,
    body: html`${filterBar(report)}${bySeverity(report, failed, 'findings')}`,
  };
}

function bySeverity(report: Report, results: readonly Result[], prefix: 'findings' | 'unseen'): Html[] {
  const anchors = resultAnchors(report);
  const means = severityMeanings(report);
  return [...groupedBy(results, ({ severity }) => severity)].map(
    ([severity, group]) => html`<div class="${groupClass(group)}" data-group>
<h3 id="${prefix}-${severity}">${SEVERITY_NAMES[severity]} <span class="count">${group.length}</span></h3>
${
  prefix === 'findings'
    ? html`<p class="lead">${means[severity]}</p>
`
    : null
}${group.map((result) => finding(result, anchors.get(result) ?? '', report.subject.domain))}</div>
`,
  );
}

/** Where the findings of one severity begin. */
export function groupAnchor(severity: Result['severity']): string {
  return `findings-${severity}`;
}

/** What could not be looked at: it is no failure, and never a pass. */
export function unseenSection(report: Report): Section | null {
  const { own, notRecorded } = sift(report, findings(report));
  const unseen = own.filter(({ status }) => status === 'error');
  const count = unseen.length + shortIds(notRecorded).length;
  if (count === 0) return null;
  const hasFailures = report.results.some(({ status }) => status === 'fail');
  const body = html`${hasFailures ? null : filterBar(report)}<p class="lead">Whether these are good is not known. None of them counts as passed.</p>
${bySeverity(report, unseen, 'unseen')}${missing(notRecorded)}`;
  return { id: 'unseen', title: 'Checks that could not look', count, body };
}

/** Of very many findings the browser lays out only those in sight. */
function groupClass({ length }: readonly Result[]): string {
  return length > 100 ? 'group many' : 'group';
}

/** What a recording does not hold is one block, however many checks miss something. */
function missing(results: readonly Result[]): Html | null {
  if (results.length === 0) return null;
  const { heading, rows } = notRecordedWords(results);
  return html`<div class="missing" id="${NOT_RECORDED_ANCHOR}">
<h3>${heading}</h3>
<dl>${rows.map(([name, ids]) => html`<div><dt>${name}</dt><dd><code>${ids}</code></dd></div>`)}</dl>
</div>
`;
}
