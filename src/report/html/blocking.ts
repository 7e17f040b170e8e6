import { groupedBy } from '../../grouped.ts';
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
  // Several checks can see one cause.
  const causes = [...groupedBy(results, (result) => `${result.severity} ${textOf(result)}`).values()];
  const count = causes.length + criteria.length;
  if (count === 0) return null;
  const shown = causes.slice(0, Math.max(MOST / 2, MOST - criteria.length));
  const items = [
    ...shown.flatMap((cause) => line(cause, aboutWords(cause, report), anchors) ?? []),
    ...criteria.slice(0, MOST - shown.length).map((criterion) => criterionLine(report, criterion)),
  ];
  const [hidden] = causes[shown.length] ?? [];
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

function line(cause: readonly Result[], about: string | null, anchors: ReadonlyMap<Result, string>): Html | null {
  const [first] = cause;
  if (first === undefined) return null;
  return html`${grade(first)}<a href="#${anchors.get(first) ?? ''}">${shorten(textOf(first), LONGEST)}</a>${
    about === null ? null : html` <span class="about">${about}</span>`
  }`;
}

function textOf(result: Result): string {
  const { status, title, message } = result;
  return status === 'fail' ? observedWords(result, message ?? title) : title;
}

/** Which checks say it, where it is several, and of what, where that is not what the whole report is about. */
function aboutWords(cause: readonly Result[], { subject }: Report): string | null {
  const ids = new Set(cause.map(({ id }) => id));
  const subjects = new Set(cause.flatMap((result) => result.subject ?? []).filter((name) => name !== subject.domain));
  const parts = [...(ids.size > 1 ? [ids] : []), ...(subjects.size > 0 ? [subjects] : [])].map((names) => someOf([...names]));
  return parts.length === 0 ? null : parts.join(' · ');
}

const MOST_NAMES = 3;

function someOf(names: readonly string[]): string {
  const rest = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `${names
    .slice(0, MOST_NAMES)
    .map((name) => shorten(name, 80))
    .join(', ')}${rest}`;
}
