import { codeBlock, escapeMarkdown, inlineCode } from './escape-markdown.ts';
import type { Report, Result } from './model.ts';
import { bySeverity, countsParts, subjectParts, withStatus } from './order.ts';
import { shownSteps } from './steps.ts';

/** The report as Markdown: for an issue, a merge request or a folder of documents. */
export function renderMarkdown(report: Report): string {
  const subject = subjectParts(report).join(' · ');
  const lines = [
    `# ${escapeMarkdown(report.suite)}: ${report.verdict}`,
    '',
    ...(subject === '' ? [] : [escapeMarkdown(subject), '']),
    `${countsParts(report).join(' · ')} · passcheck ${escapeMarkdown(report.tool.version)} · ${escapeMarkdown(report.startedAt)}`,
    ...section('Failed', bySeverity(withStatus(report, 'fail')), finding),
    ...section('Could not be looked at', bySeverity(withStatus(report, 'error')), finding),
    ...table('Passed', withStatus(report, 'pass'), ({ message, title }) => message ?? title),
    ...table('Not applicable', withStatus(report, 'not-applicable'), ({ message, title }) => message ?? title),
    ...table('Skipped', withStatus(report, 'skipped'), ({ title }) => title),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, results: readonly Result[], show: (result: Result) => string[]): string[] {
  return results.length === 0 ? [] : ['', `## ${title}`, ...results.flatMap((result) => show(result))];
}

function finding({ id, subject, severity, title, message, evidence, remedy, location }: Result): string[] {
  const place = location === undefined ? '' : ` (${inlineCode(`${location.file}:${location.line}:${location.column}`)})`;
  return [
    '',
    `### ${inlineCode(id)}${subject === null ? '' : ` ${inlineCode(subject)}`} — ${severity}${place}`,
    '',
    ...(message === null ? [] : [escapeMarkdown(message), '']),
    `Wanted: ${escapeMarkdown(title)}`,
    '',
    ...evidence.map(
      ({ source, observed, expected }) =>
        `- ${inlineCode(source)}: ${escapeMarkdown(observed)}${expected === undefined ? '' : ` (expected: ${escapeMarkdown(expected)})`}`,
    ),
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
