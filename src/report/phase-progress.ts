import { groupedBy } from '../grouped.ts';
import type { JudgedCriterion, PhaseJudgement } from './phase-model.ts';

type State = JudgedCriterion['state'];

/** In the order in which progress is told. */
export const STATES = ['met', 'failed', 'not-measured', 'could-not-look'] as const satisfies readonly State[];

/** How a state is said. */
export const STATE_WORDS = {
  met: 'met',
  failed: 'failed',
  'not-measured': 'not yet measured',
  'could-not-look': 'could not be looked at',
} as const satisfies Record<State, string>;

/** How a state is marked beside its words. */
export const STATE_MARKS = { met: '✓', failed: '✗', 'not-measured': '○', 'could-not-look': '?' } as const satisfies Record<State, string>;

/** How many criteria are in each state. */
export function stateCounts({ criteria }: PhaseJudgement): Readonly<Record<State, number>> {
  const counts = { met: 0, failed: 0, 'not-measured': 0, 'could-not-look': 0 };
  for (const { state } of criteria) counts[state] += 1;
  return counts;
}

/** `9 of 31 met, 1 failed, 19 not yet measured, 2 could not be looked at` */
export function progressWords(phase: PhaseJudgement): string {
  const counts = stateCounts(phase);
  const others = STATES.slice(1).flatMap((state) => (counts[state] === 0 ? [] : [`${counts[state]} ${STATE_WORDS[state]}`]));
  return [`${counts.met} of ${phase.criteria.length} met`, ...others].join(', ');
}

/** `Of the 22 not yet measured, 6 need a person, 14 nothing in this version can measure yet.` Null where nothing is known of that. */
export function waitingWords({ criteria }: PhaseJudgement): string | null {
  const open = criteria.filter(({ state }) => state === 'not-measured');
  const count = (wanted: JudgedCriterion['waits']): number => open.filter(({ waits }) => waits === wanted).length;
  const [person, later, command] = [count('person'), count('later'), count('command')];
  const parts = [
    ...(person === 0 ? [] : [`${person} ${person === 1 ? 'needs' : 'need'} a person`]),
    ...(later === 0 ? [] : [`${later} nothing in this version can measure yet`]),
    ...(command === 0 ? [] : [`${command} a command can tell`]),
  ];
  return parts.length === 0 ? null : `Of the ${open.length} not yet measured, ${parts.join(', ')}.`;
}

/** The criteria of each story, in the order of the document. */
export function criteriaByGroup({ criteria }: PhaseJudgement): ReadonlyMap<string, readonly JudgedCriterion[]> {
  return groupedBy(criteria, ({ group }) => group);
}

/** Does the next step name a command that can be run now? */
export function isCommand(next: string | null): next is string {
  return next !== null && next.startsWith('passcheck ');
}

/** A text with `code` in backticks, in pieces. */
export function textPieces(text: string): readonly { readonly isCode: boolean; readonly text: string }[] {
  const pieces = text.split('`');
  // An odd one closes nothing.
  if (pieces.length % 2 === 0) return [{ isCode: false, text }];
  return pieces.map((piece, index) => ({ isCode: index % 2 === 1, text: piece })).filter((piece) => piece.text !== '');
}
