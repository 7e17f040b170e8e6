import { besideFrame, codeFrame } from './code-frame.ts';
import type { Result, Verdict } from './model.ts';
import { observedWords, ownMessage } from './not-recorded.ts';
import { manyLines, oneLine } from './sanitize.ts';
import { shownSteps } from './steps.ts';
import { hang, shorten, textWidth, wrap } from './wrap.ts';

/** What can be painted, each in its colour. */
type Paint = Verdict | 'fail' | 'error' | 'pass' | 'bold' | 'faint';

/** Columns and colours of one rendering. */
export interface Style {
  readonly columns: number;
  readonly paint: (name: Paint, text: string) => string;
  /** What the whole report is about, and so is not said with each finding; null when it is about several. */
  readonly theSubject: string | null;
}

type Remedy = NonNullable<Result['remedy']>;

/** Longer evidence is for `--format json`. */
const MAX_OBSERVED = 300;
const MAX_EVIDENCE = 8;

/** One finding: which check, what is wrong, where that can be seen, and the fix. `before` are the findings above it. */
export function failureLines(result: Result, before: readonly Result[], glyph: string, style: Style): string[] {
  if (result.severity === 'info' && result.location !== undefined) return briefLines(result, glyph, style);
  return [...heading(result, glyph, style), ...said(result, style), ...evidenceLines(result, style), ...fixLines(result, before, style)];
}

/** What is good to know about a line of a definition: a long list of outdated advice must not hide what matters. */
function briefLines(result: Result, glyph: string, style: Style): string[] {
  const { message, title, remedy, location } = result;
  const line = location === undefined ? '' : ` (line ${location.line})`;
  const text = `${message ?? title}${line}. ${remedy === null ? '' : remedySummary(result, remedy)}`;
  const steps = remedy === null ? [] : stepLines(withoutFile(remedy, location?.file), style.columns);
  return [...heading(result, glyph, style), ...hang('  ', oneLine(shorten(text, 800)), style.columns), ...steps];
}

/** What is to be done, and whether `--fix` does it. */
function remedySummary({ status, edits }: Result, { summary }: Remedy): string {
  const text = shorten(summary, 800);
  return status === 'fail' && edits !== undefined ? `${text.replace(/\.$/, '')} (--fix does it)` : text;
}

function heading({ id, subject, severity }: Result, glyph: string, { columns, paint, theSubject }: Style): string[] {
  const name = oneLine(`${id}${subject === null || subject === theSubject ? '' : ` ${shorten(subject, 120)}`}`);
  const lines = wrap(name, columns - 2).map((line, index) => `${index === 0 ? glyph : '  '}${paint('bold', line)}`);
  const gap = columns - 2 - textWidth(name) - severity.length;
  return lines.length === 1 && gap >= 2 ? [`${lines[0]}${' '.repeat(gap)}${severity}`] : [...lines, severity.padStart(columns)];
}

function said(result: Result, { columns }: Style): string[] {
  const message = ownMessage(result);
  const words = message === null ? [] : hang('  ', oneLine(shorten(message, 800)), columns);
  return [...words, ...frame(result, columns), ...hang('  ', oneLine(shorten(`Wanted: ${result.title}`, 800)), columns)];
}

/** The line of the file, in the form that editors and terminals make a link of. */
function frame({ location }: Result, columns: number): string[] {
  if (location === undefined) return [];
  const { file, line, column } = location;
  return [
    `    ${oneLine(shorten(file, MAX_OBSERVED))}:${line}:${column}`,
    ...codeFrame(location, columns - 4).map((text) => `    ${text}`),
  ];
}

function evidenceLines(result: Result, { columns, paint }: Style): string[] {
  const { expected: inFrame, evidence: beside } = besideFrame(result);
  const evidence = inFrame === null ? beside : [{ source: 'expected', observed: inFrame }, ...beside];
  const shown = evidence.slice(0, MAX_EVIDENCE);
  const left = evidence.length - shown.length;
  const lines = shown.flatMap(({ source, observed, expected }) => {
    const value = oneLine(shorten(observedWords(result, observed), MAX_OBSERVED));
    const wish = expected === undefined ? '' : ` (expected: ${oneLine(shorten(expected, MAX_OBSERVED))})`;
    const place = oneLine(shorten(source, MAX_OBSERVED));
    // `passcheck.yaml, gpu: 0000:01:00.0` names its source itself.
    const isNamed = place !== '' && (value.startsWith(`${place}, `) || value.startsWith(`${place}: `));
    return hang('    ', `${isNamed ? '' : `${place}: `}${value}${wish}`, columns);
  });
  const rest = left === 0 ? [] : [`    … and ${left} more (--format json has all)`];
  return [...lines, ...rest].map((line) => paint('faint', line));
}

function fixLines(result: Result, before: readonly Result[], style: Style): string[] {
  const { remedy, status, location } = result;
  if (remedy === null) return [];
  const word = status === 'fail' ? 'Fix' : 'Try';
  const reference = sameAs(result, remedy, before);
  const [first = '', ...rest] = hang(`  ${word}  `, reference ?? oneLine(remedySummary(result, remedy)), style.columns);
  const lines = [`  ${style.paint('bold', word)}${first.slice(5)}`, ...rest];
  return reference === null ? [...lines, ...stepLines(withoutFile(remedy, location?.file), style.columns)] : lines;
}

/** Names the finding above that has the same remedy. A single short sentence is said again instead. */
function sameAs({ id, subject }: Result, remedy: Remedy, before: readonly Result[]): string | null {
  if (remedy.steps === undefined && remedy.summary.length <= 80) return null;
  const written = JSON.stringify(remedy);
  const same = before.find((result) => JSON.stringify(result.remedy) === written);
  if (same === undefined) return null;
  const line = same.location === undefined ? '' : `, line ${same.location.line}`;
  if (same.id === id && same.subject === subject) return `as above${line}`;
  const about = same.subject === null || same.location !== undefined ? '' : ` ${shorten(same.subject, 120)}`;
  return oneLine(`as for ${same.id}${about}${line}`);
}

/** The file that the finding is in was named above. */
function withoutFile(remedy: Remedy, file: string | undefined): Remedy {
  if (file === undefined || remedy.steps === undefined) return remedy;
  const steps = remedy.steps.map(({ file: named, ...step }) =>
    named === undefined || (named === file && step.text !== undefined) ? step : { ...step, file: named },
  );
  return { ...remedy, steps };
}

function stepLines(remedy: Remedy, columns: number): string[] {
  return shownSteps(remedy).flatMap(({ words, copy }, index) => {
    const number = `    ${index + 1}. `;
    // What is to be copied is never wrapped: a line break would become part of it.
    const copied = copy === null ? [] : manyLines(copy).split('\n');
    const [only = ''] = copied;
    if (words === 'Run:' && copied.length === 1) return [`${number}Run: ${only}`];
    const indent = ' '.repeat(number.length + 2);
    return [...hang(number, oneLine(words), columns), ...copied.map((line) => indent + line)];
  });
}
