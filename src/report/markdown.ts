import { cpuMarkdown } from './cpu-markdown.ts';
import { codeBlock, escapeMarkdown, inlineCode } from './escape-markdown.ts';
import { measurementsMarkdown, type Pictures } from './markdown-measurements.ts';
import type { Report, Result } from './model.ts';
import { notRecordedWords, observedWords, sift } from './not-recorded.ts';
import { countsParts, definitionWords, findings, severityWords, subjectParts, withStatus } from './order.ts';
import { partsWords } from './parts.ts';
import { phaseMarkdown } from './phase-markdown.ts';
import { shownSteps } from './steps.ts';

/** The report as Markdown: for an issue, a merge request or a folder of documents, with the pictures that lie beside it. */
export function renderMarkdown(report: Report, pictures?: Pictures): string {
  const subject = subjectParts(report).join(' · ');
  const { own, notRecorded } = sift(report, findings(report));
  const of = (status: Result['status']): Result[] => own.filter((result) => result.status === status);
  const lines = [
    `# ${escapeMarkdown(topTitle(report))}: ${report.verdict}`,
    '',
    ...(report.notice === undefined ? [] : [`> ${escapeMarkdown(report.notice)}`, '']),
    ...(subject === '' ? [] : [escapeMarkdown(subject), '']),
    `${countsParts(report, notRecorded).join(' · ')} · passcheck ${escapeMarkdown(report.tool.version)}${timeWords(report.startedAt)}`,
    ...severities(report),
    ...partsWords(report).flatMap((words) => ['', escapeMarkdown(words)]),
    ...phaseMarkdown(report),
    ...section('Findings', of('fail'), finding),
    ...section('Could not be looked at', of('error'), finding),
    ...missing(notRecorded),
    ...measurementsMarkdown(report, pictures),
    ...cpuMarkdown(report),
    ...table('Passed', withStatus(report, 'pass'), ({ message, title }) => message ?? title),
    ...table('Not applicable', withStatus(report, 'not-applicable'), ({ message, title }) => message ?? title),
    ...table('Skipped', withStatus(report, 'skipped'), ({ title }) => title),
  ];
  return `${lines.join('\n')}\n`;
}

/** Of a definition a reader elsewhere must know which one it is, and what judged it; of a phase, which. */
function topTitle(report: Report): string {
  if (report.phase !== undefined) return report.phase.title;
  return report.suite === 'domain' ? `passcheck lint ${definitionWords(report)}`.trimEnd() : report.suite;
}

/** A recording that does not say when it was made gets the beginning of Unix time. */
function timeWords(startedAt: string): string {
  return startedAt.startsWith('1970-01-01') ? '' : ` · ${escapeMarkdown(startedAt)}`;
}

function severities(report: Report): string[] {
  const words = severityWords(report);
  return words === null ? [] : ['', escapeMarkdown(words)];
}

function missing(results: readonly Result[]): string[] {
  if (results.length === 0) return [];
  const { heading, rows } = notRecordedWords(results);
  return ['', `## ${escapeMarkdown(heading)}`, '', ...rows.map(([name, ids]) => `- ${name}: ${escapeMarkdown(ids)}`)];
}

function section(title: string, results: readonly Result[], show: (result: Result) => string[]): string[] {
  return results.length === 0 ? [] : ['', `## ${title}`, ...results.flatMap((result) => show(result))];
}

function finding(result: Result): string[] {
  const { id, subject, severity, title, message, why, evidence, remedy, location } = result;
  const place = location === undefined ? '' : ` (${inlineCode(`${location.file}:${location.line}:${location.column}`)})`;
  return [
    '',
    `### ${inlineCode(id)}${subject === null ? '' : ` ${inlineCode(subject)}`} — ${severity}${place}`,
    '',
    ...(message === null ? [] : [escapeMarkdown(observedWords(result, message)), '']),
    `Wanted: ${escapeMarkdown(title)}`,
    '',
    ...evidence.map(
      ({ source, observed, expected }) =>
        `- ${inlineCode(source)}: ${escapeMarkdown(observedWords(result, observed))}${expected === undefined ? '' : ` (expected: ${escapeMarkdown(expected)})`}`,
    ),
    ...(why === undefined ? [] : ['', `**Why it matters:** ${escapeMarkdown(why)}`]),
    ...(remedy === null ? [] : ['', `**Fix:** ${escapeMarkdown(remedy.summary)}`, ...stepLines(remedy)]),
  ];
}

function stepLines(remedy: NonNullable<Result['remedy']>): string[] {
  const steps = shownSteps(remedy);
  if (steps.length === 0) return [];
  return ['', ...steps.flatMap(({ words, copy }, index) => stepItem(`${index + 1}. `, words, copy))];
}

function stepItem(number: string, words: string, copy: string | null): string[] {
  const indent = ' '.repeat(number.length);
  return [number + escapeMarkdown(words), ...(copy === null ? [] : ['', ...codeBlock(copy, indent)])];
}

function table(title: string, results: readonly Result[], says: (result: Result) => string): string[] {
  if (results.length === 0) return [];
  return [
    '',
    `## ${title}`,
    '',
    '| check | subject | |',
    '|---|---|---|',
    ...results.map((result) => `| ${inlineCode(result.id)} | ${escapeMarkdown(result.subject ?? '')} | ${escapeMarkdown(says(result))} |`),
  ];
}
