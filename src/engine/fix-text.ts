import { applyEdits } from '../domain/edit.ts';
import type { Result } from '../report/model.ts';

/** Judges one text: every result about it. */
type JudgeText = (text: string) => Promise<readonly Result[]>;

/** What `--fix` made of a text. */
export interface FixedText {
  readonly text: string;
  /** The findings that are gone, in the order in which they were mended. */
  readonly fixed: readonly Result[];
  /** Findings whose fix would have brought another finding about, and was not kept. */
  readonly kept: readonly Result[];
  /** What the judge says of the text. */
  readonly left: readonly Result[];
}

interface State {
  readonly text: string;
  readonly results: readonly Result[];
}

/** A fix can make room for another; real definitions need a dozen of them. */
const MAX_FIXES = 500;

/**
 * Applies the edits of the findings, rule by rule, and keeps a change only when judging the result shows the findings gone
 * and no new one. Fixing the result again changes nothing. Only what is `wanted` is mended; nothing else may become worse.
 */
export async function fixText(given: string, judge: JudgeText, wanted: (result: Result) => boolean = () => true): Promise<FixedText> {
  const fixed: Result[] = [];
  const kept: Result[] = [];
  let state: State = { text: given, results: await judge(given) };
  for (let round = 0; round < MAX_FIXES; round += 1) {
    const group = nextGroup(state.results.filter(wanted), kept);
    const [first] = group;
    if (first === undefined) break;
    // What does not go together is done one by one.
    const attempts = group.length === 1 ? [group] : [group, [first]];
    const done = await firstThatHolds(state, attempts, judge);
    if (done === null) kept.push(first);
    else {
      state = done.state;
      fixed.push(...done.group);
    }
  }
  return { text: state.text, fixed, kept, left: state.results };
}

/** The open findings of one rule that have edits. */
function nextGroup(results: readonly Result[], kept: readonly Result[]): readonly Result[] {
  const closed = new Set(kept.map(keyOf));
  const open = results.filter((result) => result.status === 'fail' && result.edits !== undefined && !closed.has(keyOf(result)));
  return open.filter(({ id }) => id === open[0]?.id);
}

function keyOf({ id, subject, message }: Result): string {
  return JSON.stringify([id, subject, message]);
}

interface Done {
  readonly state: State;
  readonly group: readonly Result[];
}

async function firstThatHolds({ text, results }: State, attempts: readonly (readonly Result[])[], judge: JudgeText): Promise<Done | null> {
  for (const group of attempts) {
    const changed = applyEdits(
      text,
      group.flatMap(({ edits = [] }) => edits),
    );
    if (changed === null || changed === text) continue;
    const after = await judge(changed);
    if (isBetter(results, after, group)) return { state: { text: changed, results: after }, group };
  }
  return null;
}

/** The rule finds as many places fewer as were mended, and no rule finds more, or something worse, than before. */
function isBetter(before: readonly Result[], after: readonly Result[], group: readonly Result[]): boolean {
  const [had, has] = [countsOf(before), countsOf(after)];
  const id = group[0]?.id ?? '';
  const isGone = total(has, id) <= total(had, id) - group.length;
  return isGone && [...has].every(([key, count]) => count <= (had.get(key) ?? 0) || key.startsWith(`${id} `));
}

const SEVERITIES = ['info', 'minor', 'major', 'blocker'] as const;

/** How often each rule fails or could not look, by id and severity; a finding counts for the lesser severities, too, so that milder is no worse. */
function countsOf(results: readonly Result[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { id, severity, status } of results) {
    if (status !== 'fail' && status !== 'error') continue;
    for (const level of SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1)) {
      const key = `${id} ${status} ${level}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

function total(counts: ReadonlyMap<string, number>, id: string): number {
  return (counts.get(`${id} fail info`) ?? 0) + (counts.get(`${id} error info`) ?? 0);
}
