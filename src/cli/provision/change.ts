import { connect } from '../../libvirt/connect.ts';
import { ConnectionError } from '../../libvirt/connection.ts';
import type { ConnectionUri } from '../../libvirt/virsh.ts';
import { execute, type ExecuteResult } from '../../provision/apply/execute.ts';
import { settleBegun } from '../../provision/apply/settle.ts';
import type { Plan } from '../../provision/plan/model.ts';
import { type OpenSession, openState } from '../../provision/state/session.ts';
import { StateError } from '../../provision/state/state-error.ts';
import { confirmed } from '../confirm.ts';
import { addDraft, keepDraft } from '../drafts.ts';
import { interruptible } from '../interruption.ts';
import type { Io } from '../io.ts';
import { type ProvisionOptions, type ProvisionRequest, provisionRequest } from '../provision-request.ts';
import { changeJson, noteOutcome, notePlan, outcomeCode } from './outcome.ts';
import { progressView } from './progress-view.ts';

/** What a command changes. */
export interface Change {
  readonly command: Plan['command'];
  readonly connection: ConnectionUri;
  /** The spec with its text: it is read more than once. */
  readonly source: ProvisionOptions;
  readonly plan: (request: ProvisionRequest) => Plan;
  /** Why the plan must not be carried out, beside what it refuses itself; null: it may. */
  readonly problem?: (plan: Plan) => string | null;
  /** What a person has to agree to; null: nothing is lost by it. */
  readonly question: string | null;
}

/** How a command is told to go about it. */
export interface ChangeOptions {
  readonly format?: 'terminal' | 'json';
  /** The question was answered beforehand. */
  readonly yes?: boolean;
}

/**
 * Takes the lock of a connection, plans, shows the plan, asks, does it, looks again, and says what became of it. Exit codes: 0 done or
 * nothing to do, 1 refused or failed, 3 libvirt could not be asked.
 */
export async function makeChange(change: Change, options: ChangeOptions, io: Io): Promise<void> {
  try {
    const state = await openState(change.connection, { command: change.command, drafts: { add: addDraft, keep: keepDraft } });
    try {
      io.exitCode = await changeUnderLock({ change, options, io, state });
    } finally {
      await state.close();
    }
  } catch (error) {
    if (error instanceof ConnectionError) {
      io.note(`could not look: ${error.message}`);
      if (error.hint !== '') io.note(error.hint);
      io.exitCode = 3;
    } else if (error instanceof StateError) {
      io.note(`passcheck: ${error.message}`);
      io.exitCode = 1;
    } else throw error;
  }
}

interface Setting {
  readonly change: Change;
  readonly options: ChangeOptions;
  readonly io: Io;
  readonly state: OpenSession;
}

/** Gives the exit code. */
async function changeUnderLock(setting: Setting): Promise<number> {
  const { change, options, io, state } = setting;
  if (state.skipped > 0) io.note(`${state.folder}: ${state.skipped} lines of the journal are none of passcheck and were not used`);
  const planner = plannerOf(setting);
  const plan = await planner.again();
  notePlan(plan, io);
  const problem = change.problem?.(plan) ?? null;
  if (problem !== null) io.note(`nothing was done: ${problem}`);
  const isAllowed = problem === null && plan.refused.length === 0;
  const agreed = isAllowed && plan.actions.length > 0 ? await agreedPlan(plan, planner, setting) : null;
  const result = agreed === null ? null : await carryOut(agreed, planner, setting);
  if (options.format === 'json') io.print(changeJson(agreed ?? plan, result));
  if (result !== null) noteOutcome(result, { plan, folder: state.folder }, io);
  const isRight = result === null ? isAllowed && plan.actions.length === 0 : result.left?.length === 0;
  if (isRight && change.command === 'apply') planner.settle();
  return result === null ? Number(!isRight) : outcomeCode(result);
}

/** Plans as often as is needed, each time from what libvirt has then. */
interface Planner {
  again(): Promise<Plan>;
  settle(): void;
}

function plannerOf({ change, state }: Setting): Planner {
  let latest: ProvisionRequest | null = null;
  return {
    async again() {
      latest = await provisionRequest(change.source);
      return change.plan(latest);
    },
    settle() {
      if (latest !== null) settleBegun(state, latest);
    },
  };
}

/** The plan that a person agreed to; null: nobody did, or it is another one by now. */
async function agreedPlan(plan: Plan, planner: Planner, { change, options, io }: Setting): Promise<Plan | null> {
  if (change.question === null || options.yes === true) return plan;
  const answer = await confirmed(change.question, io);
  if (answer !== true) {
    io.note(answer === null ? 'nothing was done: nobody can be asked here, so say --yes' : 'nothing was done');
    return null;
  }
  const now = await planner.again();
  if (JSON.stringify(now.actions) === JSON.stringify(plan.actions) && now.refused.length === 0) return now;
  io.note('nothing was done: something else was changed while you were asked; run this again');
  return null;
}

async function carryOut(plan: Plan, planner: Planner, { state, io, change }: Setting): Promise<ExecuteResult> {
  const view = await progressView(plan, io);
  const told = {
    first: () => view.note('stopping: what runs now is ended first (once more: leave at once)'),
    second: () => io.note('left in the middle of a call to libvirt: run the same command again, and it goes on'),
  };
  return interruptible(told, async (isStopped) => {
    try {
      const connection = connect(change.connection);
      return await execute(plan, { connection, state, isStopped, onProgress: view.onProgress, again: () => planner.again() });
    } finally {
      await view.end();
    }
  });
}
