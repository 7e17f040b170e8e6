import type { Report, Result } from '../model.ts';
import { undecidedResults } from '../next-step.ts';
import { observedWords } from '../not-recorded.ts';
import { findingsOf, isDecisive } from '../order.ts';
import { shorten } from '../wrap.ts';
import { criterionLine, decisiveCriteria, PHASE_ANCHOR } from './decisive-criteria.ts';
import { grade } from './grade.ts';
import { html, type Html } from './markup.ts';

/** What the first screen lists; the rest is one click away. */
const MOST = 6;
const LONGEST = 240;

/** What decides the verdict, one line each with a link to more. */
export interface Blocking {
  readonly heading: string;
  readonly list: Html;
  /** What a person sees to first; where no result says it, advice does. */
  readonly first: Result | null;
  readonly advice: string | null;
  /** How many more there are to see to. */
  readonly others: number;
}

/** What blocks a NO-GO, leaves an INCONCLUSIVE open, or is worth mending in spite of a GO; null when there is nothing. */
export function blocking(report: Report, anchors: ReadonlyMap<Result, string>): Blocking | null {
  const results = decisiveResults(report);
  const criteria = decisiveCriteria(report);
  const told = new Set(criteria.flatMap(({ by }) => by));
  // A criterion says it in the words of the project.
  const own = results.filter(({ id }) => !told.has(id));
  const count = criteria.length + own.length;
  if (count === 0) return null;
  const items = [
    ...criteria.slice(0, MOST).map((criterion) => criterionLine(report, criterion)),
    ...own.slice(0, Math.max(0, MOST - criteria.length)).map((result) => line(result, report, anchors.get(result) ?? '')),
  ];
  const rest = count > MOST ? html`<p><a href="#${restAnchor(report, criteria.length)}">and ${count - MOST} more</a></p>` : null;
  return {
    heading: `${HEADINGS[report.verdict]} (${count})`,
    list: html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>${rest}`,
    first: results[0] ?? toldResult(report, told),
    advice: criteria.find(({ next }) => next !== null)?.next ?? null,
    others: count - 1,
  };
}

const HEADINGS = { GO: 'Worth mending', 'NO-GO': 'What blocks', INCONCLUSIVE: 'What is open' } as const;

function decisiveResults(report: Report): readonly Result[] {
  const failures = findingsOf(report, 'fail');
  switch (report.verdict) {
    case 'NO-GO':
      return failures.filter((result) => isDecisive(report, result));
    case 'INCONCLUSIVE':
      return undecidedResults(report);
    case 'GO':
      return failures.filter(({ severity }) => severity !== 'info');
  }
}

/** A criterion can hang on a check that is no blocker. */
function toldResult(report: Report, told: ReadonlySet<string>): Result | null {
  const status = report.verdict === 'NO-GO' ? 'fail' : 'error';
  return findingsOf(report, status).find(({ id }) => told.has(id)) ?? null;
}

function restAnchor({ verdict }: Report, criteria: number): string {
  if (criteria > MOST) return PHASE_ANCHOR;
  return verdict === 'INCONCLUSIVE' ? 'unseen' : 'findings';
}

function line(result: Result, { subject }: Report, anchor: string): Html {
  const { status, title, message } = result;
  const text = status === 'fail' ? observedWords(result, message ?? title) : title;
  const about =
    result.subject === null || result.subject === subject.domain ? null : html` <span class="about">${shorten(result.subject, 120)}</span>`;
  return html`${grade(result)}<a href="#${anchor}">${shorten(text, LONGEST)}</a>${about}`;
}
