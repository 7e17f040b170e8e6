import type { Report } from '../model.ts';
import { fixingWords, unjudgedWords } from '../next-step.ts';
import { sift } from '../not-recorded.ts';
import { findings, isDecisive, severityWords, withStatus } from '../order.ts';
import { shorten } from '../wrap.ts';
import { html, type Html } from './markup.ts';
import { timeMark } from './time.ts';

/** What the verdict does not cover, or rests on: a reader must not take it for more than it is. */
export function limits(report: Report): Html[] {
  return [...contradiction(report), ...scope(report), ...recording(report), ...unjudged(report), ...synthetic(report)];
}

/** What a person must know to follow the fixes. */
export function hints(report: Report): string[] {
  return fixingWords(report, { program: 'passcheck', isRoot: false });
}

/** A stored report can have been changed by hand; a GO must never stand above a blocker without a word. */
function contradiction(report: Report): Html[] {
  if (report.verdict !== 'GO') return [];
  const results = report.results.filter(
    (result) => isDecisive(report, result) && ['fail', 'error', 'skipped'].includes(result.status),
  ).length;
  const criteria = report.phase?.criteria.filter(({ state }) => state !== 'met').length ?? 0;
  const against = [
    ...(results === 0 ? [] : [results === 1 ? '1 result' : `${results} results`]),
    ...(criteria === 0 ? [] : [criteria === 1 ? '1 criterion' : `${criteria} criteria`]),
  ];
  if (against.length === 0) return [];
  return [html`<strong>The report says GO, and holds ${against.join(' and ')} against it.</strong> Judge again.`];
}

function scope({ selection, strict = false, ...report }: Report): Html[] {
  const severities = severityWords(report);
  const skipped = withStatus(report, 'skipped').length;
  return [
    ...(selection === undefined
      ? []
      : [html`Only ${selection.checks} of ${selection.of} checks were asked for; the verdict is about those alone.`]),
    ...(strict ? [html`Strict: a major finding decides like a blocker.`] : []),
    ...(severities === null ? [] : [html`${shorten(severities, 1000)}.`]),
    ...(skipped === 0 ? [] : [html`${skipped === 1 ? '1 check was' : `${skipped} checks were`} left out on request.`]),
  ];
}

function recording(report: Report): Html[] {
  if (report.recorded !== true) return [];
  // Which of several was recorded is said of each.
  if (report.parts?.some(({ recorded }) => recorded !== true) === true) return [];
  const time = timeMark(report);
  const missing = new Set(sift(report, findings(report)).notRecorded.map(({ id }) => id)).size;
  return [
    html`The host was judged from a recording${time === null ? null : html` of ${time}`}: what changed since does not count.`,
    ...(missing === 0 ? [] : [html`What ${missing} checks look at is not in the recording.`]),
  ];
}

function unjudged(report: Report): Html[] {
  return unjudgedWords(report).map((words) => html`${words}`);
}

function synthetic({ measurements }: Report): Html[] {
  const count = measurements.filter((measurement) => measurement.synthetic === true).length;
  if (count === 0) return [];
  const which = count === measurements.length ? 'The measurements are' : `${count} of ${measurements.length} measurements are`;
  return [html`<strong>${which} synthetic:</strong> made up to show what a report looks like, never a result.`];
}
