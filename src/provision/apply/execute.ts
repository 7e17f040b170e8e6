import type { Action, Plan } from '../plan/model.ts';
import { ConnectionError } from '../../libvirt/connection.ts';
import { type LeftOver, leftOver } from './left-over.ts';
import { type Outcome, perform, type Tools } from './perform.ts';
import { fileRemover } from './remove-files.ts';
import { phasesOf, runChains } from './schedule.ts';
import type { Clock } from './shut-down.ts';

/** What happens to an action, as it happens. */
export type Progress = { readonly index: number; readonly action: Action } & (
  | { readonly state: 'begun' }
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly message: string }
);

export interface ExecuteRequest extends Pick<Tools, 'connection' | 'state'> {
  readonly onProgress: (progress: Progress) => void;
  /** Asked between actions: true lets nothing more begin. */
  readonly isStopped?: () => boolean;
  /** Looks again and plans again; what it throws is told as what could not be seen. */
  readonly again: () => Promise<Plan>;
  readonly remover?: Tools['remover'];
  readonly clock?: Clock;
}

/** An action that was not done, or of which nobody knows. */
interface FailedAction {
  readonly action: Action;
  readonly message: string;
  /** False: libvirt went away, or the end could not be recorded. */
  readonly isKnown: boolean;
}

/** What became of a plan; actions are in its order. */
export interface ExecuteResult {
  readonly done: readonly Action[];
  readonly failed: readonly FailedAction[];
  /** Never begun. */
  readonly notDone: readonly Action[];
  /** The definitions that were replaced or removed. */
  readonly backups: readonly string[];
  /** Somebody asked to stop. */
  readonly isStopped: boolean;
  /** Why the rest was not begun, where no action says so: the world changed meanwhile. */
  readonly problem: string | null;
  /** What is still to do after everything was done; null: it could not be looked again, and `unseen` says why. */
  readonly left: readonly LeftOver[] | null;
  readonly unseen: string | null;
}

/** libvirt serves five clients at a time by default, and the work is done by its own processes. */
const MOST_AT_ONCE = 4;

const LIVE_CLOCK: Clock = {
  now: () => performance.now(),
  pause: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    }),
};

/**
 * Does a plan that was made a moment ago under the lock of its connection: so nothing is read again before an action, but after VMs
 * were shut down, which takes time. The first failure ends it, after what had begun. At the end it looks and plans again.
 */
export async function execute(plan: Plan, request: ExecuteRequest): Promise<ExecuteResult> {
  const run = begin(plan, request);
  for (const phase of phasesOf(plan.actions)) {
    // oxlint-disable-next-line no-await-in-loop -- each phase needs the one before
    if (!(await runChains(phase.chains, MOST_AT_ONCE, (index) => run.one(index)))) break;
    // oxlint-disable-next-line no-await-in-loop
    if (phase.isShutDown && !(await run.lookAgain())) break;
  }
  const { done, notDone, failed } = run.sorted();
  const base = { done, failed, notDone, backups: run.backups, isStopped: run.isStopped(), problem: run.problem() };
  if (done.length < plan.actions.length) return { ...base, left: null, unseen: null };
  return { ...base, ...(await seenAfter(plan, request)) };
}

async function seenAfter(plan: Plan, { again }: ExecuteRequest): Promise<Pick<ExecuteResult, 'left' | 'unseen'>> {
  try {
    return { left: leftOver(plan, await again()), unseen: null };
  } catch (error) {
    if (error instanceof ConnectionError) return { left: null, unseen: error.message };
    throw error;
  }
}

interface Run {
  /** True: the next may begin. */
  one(index: number): Promise<boolean>;
  lookAgain(): Promise<boolean>;
  sorted(): Pick<ExecuteResult, 'done' | 'failed' | 'notDone'>;
  readonly backups: readonly string[];
  isStopped(): boolean;
  problem(): string | null;
}

function begin(plan: Plan, request: ExecuteRequest): Run {
  const { onProgress, isStopped = () => false, again } = request;
  const tools: Tools = { remover: fileRemover, clock: LIVE_CLOCK, ...request, isStopped };
  const actions = [...plan.actions];
  const outcomes = new Map<number, Outcome>();
  const backups: string[] = [];
  let problem: string | null = null;
  return {
    backups,
    isStopped,
    problem: () => problem,
    async one(index) {
      const action = actions[index];
      if (action === undefined || isStopped()) return false;
      onProgress({ index, action, state: 'begun' });
      const outcome = await perform(action, plan, tools);
      outcomes.set(index, outcome);
      if (outcome.state !== 'done') {
        onProgress({ index, action, state: 'failed', message: outcome.message });
        return false;
      }
      if (outcome.backup !== null) backups.push(outcome.backup);
      onProgress({ index, action, state: 'done' });
      return true;
    },
    async lookAgain() {
      const rest = actions.map((_, index) => index).filter((index) => !outcomes.has(index));
      problem = await renewed({ actions, rest, again });
      return problem === null;
    },
    sorted: () => sorted(actions, outcomes),
  };
}

/** Puts what is planned now into the place of what was planned before; what is wrong when that is something else. */
async function renewed({
  actions,
  rest,
  again,
}: {
  readonly actions: Action[];
  readonly rest: readonly number[];
  readonly again: () => Promise<Plan>;
}): Promise<string | null> {
  try {
    const { actions: fresh, refused } = await again();
    const [refusal] = refused;
    if (refusal !== undefined) return `now it is refused: ${refusal.message}`;
    const isSame = fresh.length === rest.length && rest.every((index, place) => shapeOf(actions[index]) === shapeOf(fresh[place]));
    if (!isSame) return 'something else was changed meanwhile, so the plan is no longer right';
    for (const [place, index] of rest.entries()) {
      const action = fresh[place];
      if (action !== undefined) actions[index] = action;
    }
    return null;
  } catch (error) {
    if (error instanceof ConnectionError) return error.message;
    throw error;
  }
}

/** What is done, without the definition that it replaces: libvirt changes that when a VM stops. */
function shapeOf(action: Action | undefined): string {
  return JSON.stringify([action?.object, { ...action?.step, replaces: null }]);
}

function sorted(actions: readonly Action[], outcomes: ReadonlyMap<number, Outcome>): Pick<ExecuteResult, 'done' | 'failed' | 'notDone'> {
  const ended = actions.map((action, index) => ({ action, outcome: outcomes.get(index) }));
  return {
    done: ended.flatMap(({ action, outcome }) => (outcome?.state === 'done' ? [action] : [])),
    failed: ended.flatMap(({ action, outcome }) =>
      outcome === undefined || outcome.state === 'done' ? [] : [{ action, message: outcome.message, isKnown: outcome.state === 'failed' }],
    ),
    notDone: ended.flatMap(({ action, outcome }) => (outcome === undefined ? [action] : [])),
  };
}
