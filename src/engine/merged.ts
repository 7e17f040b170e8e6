import type { Outcome } from './outcome.ts';

/** From so many findings with one remedy on, they are told as one. */
const MANY = 4;
/** Lines of the others that are shown. */
const MOST_LINES = 20;

type Failure = Extract<Outcome, { status: 'fail' }>;

/** Findings of one rule that have the same remedy, as one finding with a list of lines; few of them stay as they are. */
export function merged(outcomes: readonly Outcome[]): readonly Outcome[] {
  const groups = new Map<string, Failure[]>();
  for (const outcome of outcomes) {
    if (outcome.status !== 'fail') continue;
    const key = JSON.stringify([outcome.remedy, outcome.severity]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [outcome]);
    else group.push(outcome);
  }
  const asOne = new Map<Outcome, Outcome | null>();
  for (const group of groups.values()) {
    const [first, ...others] = group;
    if (first === undefined || group.length < MANY) continue;
    asOne.set(first, oneOf(first, others));
    for (const other of others) asOne.set(other, null);
  }
  return outcomes.flatMap((outcome) => (asOne.has(outcome) ? (asOne.get(outcome) ?? []) : outcome));
}

function oneOf(first: Failure, others: readonly Failure[]): Outcome {
  const edits = [first, ...others].flatMap((outcome) => outcome.edits ?? []);
  return {
    ...first,
    message: `${first.message}; and the same at ${others.length} more places`,
    evidence: [
      first.evidence[0],
      ...first.evidence.slice(1),
      ...others.slice(0, MOST_LINES - 1).flatMap(({ evidence }) => evidence.slice(0, 1)),
    ],
    ...(edits.length === 0 ? {} : { edits }),
  };
}
