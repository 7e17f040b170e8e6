import type { Report } from './model.ts';
import type { JudgedCriterion } from './phase-model.ts';
import { criteriaByGroup, isCommand, progressWords, STATE_MARKS } from './phase-progress.ts';
import { oneLine } from './sanitize.ts';
import type { Style } from './terminal-result.ts';
import { hang, shorten, wrap } from './wrap.ts';

const COLOURS = { met: 'pass', failed: 'fail', 'not-measured': 'faint', 'could-not-look': 'error' } as const;
const LONGEST = 400;

/** `phase-0: NO-GO, 9 of 31 met, …`; nothing without a phase. */
export function phaseHeadline({ phase }: Report): string[] {
  return phase === undefined ? [] : [shown(`${phase.id}: ${phase.verdict}, ${progressWords(phase)}`)];
}

/** The criteria of the phase, story by story: what is met in one line, of the others what is known and what to do. */
export function phaseLines({ phase }: Report, program: string, style: Style): string[] {
  if (phase === undefined) return [];
  const { columns, paint } = style;
  const title = wrap(shown(`${phase.title} (${phase.id}): ${phase.verdict}`), columns);
  const groups = [...criteriaByGroup(phase)].flatMap(([group, criteria]) => [
    '',
    ...hang('  ', shown(group), columns).map((line) => paint('bold', line)),
    ...criteria.flatMap((criterion) => criterionLines(criterion, program, style)),
  ]);
  return ['', ...title.map((line) => paint('bold', line)), ...wrap(progressWords(phase), columns), ...groups];
}

function criterionLines({ state, text, message, next }: JudgedCriterion, program: string, { columns, paint }: Style): string[] {
  const mark = STATE_MARKS[state];
  const [first = '', ...rest] = hang(`  ${mark} `, shown(text), columns);
  const lines = [`  ${paint(COLOURS[state], mark)}${first.slice(2 + mark.length)}`, ...rest];
  if (state === 'met') return lines;
  const isWorthSaying = next !== null && (state !== 'not-measured' || isCommand(next));
  return [
    ...lines,
    ...hang('      ', shown(message), columns),
    ...(isWorthSaying ? hang('      Next: ', shown(typed(next, program)), columns) : []),
  ];
}

function typed(next: string, program: string): string {
  return isCommand(next) ? next.replaceAll(/(^|, and )passcheck /g, `$1${program} `) : next;
}

function shown(text: string): string {
  return oneLine(shorten(text, LONGEST));
}
