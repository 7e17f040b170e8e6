import type { JudgedCriterion } from '../report/phase-model.ts';

export type CriterionState = JudgedCriterion['state'];

/** What is known of one thing that a criterion asks for. */
export interface Judged {
  readonly state: CriterionState;
  readonly message: string;
  /** What to do about it. */
  readonly next: string | null;
  /** What decided it: checks, measurements, rows of the machine. */
  readonly by: readonly string[];
  /** Of what was not measured. */
  readonly waits?: Waits;
}

type Waits = NonNullable<JudgedCriterion['waits']>;

/** The first of these that something waits for is what the whole waits for: nobody can end that now. */
const LONGEST_FIRST: readonly Waits[] = ['later', 'person', 'command'];

/** The first of these that something is in is the state of the whole. */
const WORST_FIRST = ['failed', 'could-not-look', 'not-measured', 'met'] as const;

/** What several things lack is said once. */
function joined([first = '', ...others]: readonly string[]): string {
  const beginning = [NOT_YET, ONLY_SYNTHETIC].find((words) => first.startsWith(words)) ?? '';
  return [first, ...others.map((message) => (message.startsWith(beginning) ? message.slice(beginning.length) : message))].join('; ');
}

/** How a message begins where nothing was measured. */
export const NOT_YET = 'not yet measured: ';
/** And where only made-up data is there. */
export const ONLY_SYNTHETIC = 'only synthetic data: ';

/** Several things that one criterion asks for: the worst state, and what was said in it. */
export function together(parts: readonly Judged[]): Judged {
  const state = WORST_FIRST.find((one) => parts.some((part) => part.state === one)) ?? 'not-measured';
  const decisive = parts.filter((part) => part.state === state);
  const waits = LONGEST_FIRST.find((one) => decisive.some((part) => part.waits === one));
  return {
    state,
    message: joined([...new Set(decisive.map(({ message }) => message))]),
    next: decisive.find(({ next }) => next !== null)?.next ?? null,
    by: [...new Set(parts.flatMap(({ by }) => by))],
    ...(waits === undefined ? {} : { waits }),
  };
}
