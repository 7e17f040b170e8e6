import { styleText } from 'node:util';

import { groupedBy } from '../grouped.ts';
import type { Report, Result } from './model.ts';
import { measurementLines } from './terminal-measurements.ts';
import { nextStep } from './next-step.ts';
import { notRecordedWords, sift } from './not-recorded.ts';
import { countsParts, findings, isAboutSeveral, severityCounts, severityWords, subjectParts, withStatus } from './order.ts';
import { phaseHeadline, phaseLines } from './phase-terminal.ts';
import { withProgram } from './program.ts';
import { oneLine } from './sanitize.ts';
import { failureLines, type Style } from './terminal-result.ts';
import { hang, hangParts, shorten, wrap } from './wrap.ts';

/** How a report is shown on a terminal. */
export interface TerminalOptions {
  readonly colour: boolean;
  /** List what passed or did not apply, too. */
  readonly verbose?: boolean;
  /** Columns that lines are wrapped to; 80 unless told, and never fewer than 60. */
  readonly columns?: number;
  /** How passcheck is typed here; `passcheck` unless told. */
  readonly program?: string;
  /** Root is not told that root sees more. */
  readonly isRoot?: boolean;
  /** It is shown again, not made just now. */
  readonly isStored?: boolean;
}

const COLOURS = {
  GO: ['bold', 'green'],
  'NO-GO': ['bold', 'red'],
  INCONCLUSIVE: ['bold', 'yellow'],
  fail: ['red'],
  error: ['yellow'],
  pass: ['green'],
  bold: ['bold'],
  faint: ['dim'],
} as const;

/** The report for a tired person: the verdict first, then what to mend and how, then what could not be looked at. */
export function renderTerminal(given: Report, options: TerminalOptions): string {
  const { colour, verbose = false, columns = 80, program = 'passcheck', isRoot = false, isStored = false } = options;
  const style: Style = {
    columns: Math.max(60, columns),
    theSubject: given.subject.domain,
    // `validateStream` would make the colour depend on this process, not on the option.
    paint: (name, text) => (colour ? styleText([...COLOURS[name]], text, { validateStream: false }) : text),
  };
  const report = withProgram(given, program);
  const { own, notRecorded } = sift(report, findings(report));
  const lines = [
    ...(report.notice === undefined ? [] : [...wrap(oneLine(report.notice), style.columns), '']),
    ...header(report, notRecorded, style),
    ...(isAboutSeveral(report) ? bySubject(own, style) : listed(own, style)),
    ...missing(notRecorded, style),
    ...notes(report, style),
    ...(verbose ? listing(report, style) : []),
    ...measurementLines(report, style),
    ...phaseLines(report, program, style),
    '',
    ...nextStep(report, { program, isRoot, isStored }).flatMap((text) => wrap(oneLine(text), style.columns)),
  ];
  return `${lines.join('\n')}\n`;
}

function listed(results: readonly Result[], style: Style): string[] {
  return results.flatMap((result, index) => ['', ...findingLines(result, results.slice(0, index), style)]);
}

/** Several definitions: each with its findings below its name. */
function bySubject(results: readonly Result[], style: Style): string[] {
  const subjects = [...new Set(results.map(({ subject }) => subject))].toSorted((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
  return subjects.flatMap((subject) => {
    const own = results.filter((result) => result.subject === subject);
    const name = oneLine(shorten(subject ?? '', 200));
    const failed = severityCounts(own.filter(({ status }) => status === 'fail'));
    const words = failed === '' ? 'could not be looked at' : failed;
    const heading = ['', ...wrap(`${name}: ${words}`, style.columns).map((line) => style.paint('bold', line))];
    return [...heading, ...listed(own, { ...style, theSubject: subject })];
  });
}

function header(report: Report, notRecorded: readonly Result[], style: Style): string[] {
  const indent = `${report.verdict}  `;
  const subject = subjectParts(report).map((part) => oneLine(shorten(part, 200)));
  const [first = indent, ...rest] = hangParts(indent, subject.length === 0 ? [oneLine(report.suite)] : subject, style.columns);
  const counts = hangParts(' '.repeat(indent.length), countsParts(report, notRecorded), style.columns);
  return [
    style.paint(report.verdict, report.verdict) + first.slice(report.verdict.length),
    ...rest,
    ...counts,
    ...phaseHeadline(report).flatMap((line) => hang(' '.repeat(indent.length), line, style.columns)),
    ...severities(report, style),
  ];
}

function severities(report: Report, { columns }: Style): string[] {
  const words = severityWords(report);
  return words === null ? [] : ['', ...wrap(oneLine(words), columns)];
}

/** What a recording does not hold is one block, however many checks miss something. */
function missing(results: readonly Result[], { columns, paint }: Style): string[] {
  if (results.length === 0) return [];
  const { heading, rows } = notRecordedWords(results);
  return [
    '',
    `${paint('error', '?')} ${paint('bold', heading)}`,
    ...rows.flatMap(([name, ids]) => hang(`  ${name.padEnd(9)} `, oneLine(ids), columns)),
  ];
}

/** What a check that passed has to say: what was inferred, what is unusual and still good. */
function notes(report: Report, style: Style): string[] {
  const said = withStatus(report, 'pass').filter(({ message }) => message !== null);
  if (said.length === 0) return [];
  return ['', style.paint('bold', 'Noted'), ...said.flatMap((result) => hang('  ', noteText(result), style.columns))];
}

function noteText({ id, subject, message }: Result): string {
  const name = id.slice(id.indexOf('/') + 1);
  return oneLine(shorten(`${name}${subject === null ? '' : ` ${subject}`}: ${message ?? ''}`, 400));
}

function marked(glyph: string, colour: 'pass' | 'faint', text: string, style: Style): string[] {
  const [first = '', ...rest] = hang(`${glyph} `, text, style.columns);
  return [style.paint(colour, glyph) + first.slice(glyph.length), ...rest];
}

function findingLines(result: Result, before: readonly Result[], style: Style): string[] {
  const glyph = result.status === 'fail' ? style.paint('fail', '✗') : style.paint('error', '?');
  return failureLines(result, before, `${glyph} `, style);
}

function listing(report: Report, style: Style): string[] {
  const shown = [
    ['pass', '✓', 'pass'],
    ['not-applicable', '-', 'faint'],
    ['skipped', '-', 'faint'],
  ] as const;
  return shown.flatMap(([status, glyph, colour]) => {
    const byId = groupedBy(withStatus(report, status), ({ id }) => id);
    if (byId.size === 0) return [];
    return ['', ...[...byId.values()].flatMap((results) => marked(glyph, colour, summaryLine(results, style), style))];
  });
}

/** One line for each check: what it says, of which subjects, and how often where it says the same of one several times. */
function summaryLine(results: readonly Result[], { theSubject }: Style): string {
  const said = [...groupedBy(results, ({ title, status, message }) => (status === 'pass' || message === null ? title : message))];
  const parts = said.map(([reason, same]) => {
    const subjects = new Set(same.flatMap(({ subject }) => (subject === theSubject ? [] : (subject ?? []))));
    const times = same.length > Math.max(1, subjects.size) ? [`(${same.length} times)`] : [];
    const about = [[...subjects].join(', '), ...times].filter((part) => part !== '').join(' ');
    return { about, reason };
  });
  const text = parts.map(({ about, reason }, index) => (index > 0 && about === '' ? reason : `${about}: ${reason}`)).join('; ');
  const id = results[0]?.id ?? '';
  return oneLine(shorten(text.startsWith(':') ? id + text : `${id} ${text}`, 400));
}
