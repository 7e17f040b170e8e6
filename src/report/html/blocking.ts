import type { Report, Result } from '../model.ts';
import { undecidedResults } from '../next-step.ts';
import { observedWords } from '../not-recorded.ts';
import { findingsOf, isDecisive } from '../order.ts';
import { shorten } from '../wrap.ts';
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
  const { heading, results } = decisive(report);
  const [first] = results;
  if (first === undefined) return null;
  const items = results.slice(0, MOST).map((result) => html`<li>${line(result, report, anchors.get(result) ?? '')}</li>`);
  const left = results.length - MOST;
  const rest = left > 0 ? html`<p><a href="#${first.status === 'fail' ? 'findings' : 'unseen'}">and ${left} more</a></p>` : null;
  return {
    heading: `${heading} (${results.length})`,
    list: html`<ul>${items}</ul>${rest}`,
    first,
    advice: null,
    others: results.length - 1,
  };
}

function decisive(report: Report): { readonly heading: string; readonly results: readonly Result[] } {
  const failures = findingsOf(report, 'fail');
  switch (report.verdict) {
    case 'NO-GO':
      return { heading: 'What blocks', results: failures.filter((result) => isDecisive(report, result)) };
    case 'INCONCLUSIVE':
      return { heading: 'What is open', results: undecidedResults(report) };
    case 'GO':
      return { heading: 'Worth mending', results: failures.filter(({ severity }) => severity !== 'info') };
  }
}

function line(result: Result, { subject }: Report, anchor: string): Html {
  const { status, title, message } = result;
  const text = status === 'fail' ? observedWords(result, message ?? title) : title;
  const about =
    result.subject === null || result.subject === subject.domain ? null : html` <span class="about">${shorten(result.subject, 120)}</span>`;
  return html`${grade(result)}<a href="#${anchor}">${shorten(text, LONGEST)}</a>${about}`;
}
