import type { Report, Result } from '../model.ts';
import { undecidedResults } from '../next-step.ts';
import { observedWords } from '../not-recorded.ts';
import { findingsOf, isDecisive } from '../order.ts';
import type { JudgedCriterion } from '../phase-model.ts';
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
  const told = new Set(results.map(({ id }) => id));
  // Where a result decides a criterion, the result says how to mend it.
  const criteria = decisiveCriteria(report).filter(({ by }) => !by.some((id) => told.has(id)));
  const count = results.length + criteria.length;
  if (count === 0) return null;
  const shown = results.slice(0, Math.max(MOST / 2, MOST - criteria.length));
  const items = [
    ...shown.map((result) => line(result, aboutWords(result, shown, report), anchors.get(result) ?? '')),
    ...criteria.slice(0, MOST - shown.length).map((criterion) => criterionLine(report, criterion)),
  ];
  const [hidden] = results.slice(shown.length);
  const more = hidden === undefined ? PHASE_ANCHOR : (anchors.get(hidden) ?? '');
  const rest = count > MOST ? html`<p><a href="#${more}">and ${count - MOST} more</a></p>` : null;
  return {
    heading: `${HEADINGS[report.verdict]} (${count})`,
    list: html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>${rest}`,
    first: results[0] ?? minorResult(report, criteria),
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
function minorResult(report: Report, criteria: readonly JudgedCriterion[]): Result | null {
  const told = new Set(criteria.flatMap(({ by }) => by));
  const status = report.verdict === 'NO-GO' ? 'fail' : 'error';
  return findingsOf(report, status).find(({ id }) => told.has(id)) ?? null;
}

function line(result: Result, about: string | null, anchor: string): Html {
  return html`${grade(result)}<a href="#${anchor}">${shorten(textOf(result), LONGEST)}</a>${
    about === null ? null : html` <span class="about">${shorten(about, 120)}</span>`
  }`;
}

function textOf(result: Result): string {
  const { status, title, message } = result;
  return status === 'fail' ? observedWords(result, message ?? title) : title;
}

/** What tells a line from the others: its subject, or, where two checks say the same, the check. */
function aboutWords(result: Result, shown: readonly Result[], { subject }: Report): string | null {
  if (result.subject !== null && result.subject !== subject.domain) return result.subject;
  const isSaidTwice = shown.some((other) => other.id !== result.id && textOf(other) === textOf(result));
  return isSaidTwice ? result.id : null;
}
