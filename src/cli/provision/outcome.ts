import type { ExecuteResult } from '../../provision/apply/execute.ts';
import type { Action, Plan } from '../../provision/plan/model.ts';
import { objectWords, renderPlanText } from '../../provision/plan/plan-text.ts';
import { safeJson } from '../../report/json.ts';
import { useColour } from '../colour.ts';
import type { Io } from '../io.ts';

/** Shows a plan on standard error, whatever the format: JSON has it, too. */
export function notePlan(plan: Plan, io: Pick<Io, 'writeBytes' | 'stderrIsTerminal'>): void {
  const colour = io.stderrIsTerminal && useColour(process.env);
  const columns = io.stderrIsTerminal ? Math.min(100, Math.max(60, process.stderr.columns || 80)) : 80;
  // Its own colours are all that a terminal could obey in it.
  io.writeBytes('stderr', Buffer.from(renderPlanText(plan, { colour, columns })));
}

/** What a command did, for programs: the plan, and what became of its actions. */
export function changeJson(plan: Plan, result: ExecuteResult | null): string {
  const { done = [], failed = [], notDone = plan.actions, backups = [], left = [] } = result ?? {};
  return `${safeJson({
    plan,
    done,
    failed,
    notDone,
    stillToDo: left?.map(({ message }) => message) ?? null,
    backups,
  })}\n`;
}

/** 0: all is as it was planned; 1: it is not; 3: it was done, and could not be looked at afterwards. */
export function outcomeCode({ failed, notDone, left }: ExecuteResult): number {
  if (failed.length > 0 || notDone.length > 0 || (left ?? []).length > 0) return 1;
  return left === null ? 3 : 0;
}

const MOST_NAMED = 20;

/** Says what was done and what was not, and how to go on. */
export function noteOutcome(
  result: ExecuteResult,
  { plan, folder }: { readonly plan: Plan; readonly folder: string },
  io: Pick<Io, 'note'>,
): void {
  const { done, failed, notDone, backups, left, unseen, problem, isStopped } = result;
  if (backups.length > 0) io.note(`the definitions that were there before are kept in ${folder}/backup`);
  const total = plan.actions.length;
  // The progress said which failed, and why.
  if (failed.length === 0 && notDone.length === 0) {
    io.note(`done: ${total} ${total === 1 ? 'step' : 'steps'}`);
    if (unseen !== null) io.note(`could not look at it afterwards: ${unseen}`);
    for (const { message } of left ?? []) io.note(message);
    return;
  }
  if (problem !== null) io.note(`stopped: ${problem}`);
  else if (isStopped) io.note('stopped, as you asked');
  io.note(`${done.length} of ${total} steps were done${notDone.length === 0 ? '' : `; left: ${namesOf(notDone)}`}`);
  const when = failed.length === 0 ? '' : ' when that is put right';
  io.note(`Run the same command again${when}: it goes on from here`);
}

function namesOf(actions: readonly Action[]): string {
  const names = [...new Set(actions.map(({ object }) => objectWords(object)))];
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
