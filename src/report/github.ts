import type { Report, Result } from './model.ts';
import { shortIds } from './not-recorded.ts';
import { findings } from './order.ts';
import { progressWords } from './phase-progress.ts';
import { CONTROL_CHARACTERS } from './sanitize.ts';

/**
 * Workflow commands of GitHub Actions: each finding is an annotation of its line.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function renderGithub(report: Report): string {
  const found = findings(report);
  // What a recording does not show is no fault of the definition, and would bury those that are.
  const unseen = report.recorded === true ? found.filter(({ status }) => status === 'error') : [];
  const lines = found.filter((result) => !unseen.includes(result)).map((result) => annotation(result));
  return `${[...lines, ...unseenNotice(unseen), ...phaseLines(report), `::notice title=passcheck::${escapeText(`${report.suite}: ${report.verdict}`)}`].join('\n')}\n`;
}

/** The criteria that failed, and how far the phase is. */
function phaseLines({ phase }: Report): string[] {
  if (phase === undefined) return [];
  const failed = phase.criteria.filter(({ state }) => state === 'failed');
  return [
    ...failed.map(({ id, text, message }) => `::error title=${escapeProperty(`${phase.id} ${id}`)}::${escapeText(`${text}\n${message}`)}`),
    `::notice title=${escapeProperty(phase.id)}::${escapeText(`${phase.verdict}: ${progressWords(phase)}`)}`,
  ];
}

function unseenNotice(results: readonly Result[]): string[] {
  if (results.length === 0) return [];
  const ids = shortIds(results);
  const text = `not seen in the recording: what ${ids.join(', ')} ${ids.length === 1 ? 'needs' : 'need'}`;
  return [`::notice title=passcheck::${escapeText(text)}`];
}

const COMMANDS = { blocker: 'error', major: 'warning', minor: 'notice', info: 'notice' } as const;

type Properties = Readonly<Record<string, string | number | undefined>>;

function annotation({ id, severity, subject, message, title, remedy, location }: Result): string {
  const named: Properties = { ...placeOf(location), title: `${id}${subject === null ? '' : ` ${subject}`}` };
  const properties = Object.entries(named)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
    .join(',');
  const text = [message ?? title, ...(remedy === null ? [] : [`Fix: ${remedy.summary}`])].join('\n');
  return `::${COMMANDS[severity]} ${properties}::${escapeText(text)}`;
}

/** Paths count from the folder of the repository. Columns are only taken when the annotation is of one line. */
function placeOf(location: Result['location']): Properties {
  if (location === undefined || location.file === '<stdin>') return {};
  const { line, column, endLine, endColumn } = location;
  const file = location.file.replace(/^(?:\.\/+)+/, '');
  return endLine !== undefined && endLine !== line ? { file, line, endLine } : { file, line, col: column, endLine, endColumn };
}

function escapeText(text: string): string {
  return text
    .replaceAll(/[^\n]+/g, (line) => line.replaceAll(CONTROL_CHARACTERS, ' '))
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
