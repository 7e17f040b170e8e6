import { type Connection, ConnectionError, NotReachedError } from '../../libvirt/connection.ts';
import { virshComplaint } from '../../libvirt/virsh.ts';
import type { Action, Plan, Step } from '../plan/model.ts';
import type { StateSession } from '../state/model.ts';
import { StateError } from '../state/state-error.ts';
import { complaintWithFix } from './complaint.ts';
import { recreationRefusal } from './recreation.ts';
import type { Remover } from './remove-files.ts';
import { type Clock, shutDown } from './shut-down.ts';
import { replacedBy, subjectOf, timeLimit, uuidOf, virshCalls, type VirshWords, xmlOf } from './steps.ts';
import { olderUndefine } from './undefine.ts';

/** What steps are done with. */
export interface Tools {
  readonly connection: Connection;
  readonly state: StateSession;
  readonly remover: Remover;
  readonly clock: Clock;
  readonly isStopped: () => boolean;
}

/** How a step ended. */
export type Outcome =
  | { readonly state: 'done'; readonly backup: string | null }
  /** Nothing was changed by it. */
  | { readonly state: 'failed'; readonly message: string }
  /** Nobody knows whether it was done; planning again will show. */
  | { readonly state: 'unknown'; readonly message: string };

/**
 * Does one step: its definition is kept and its beginning recorded before libvirt is asked, and its end after. Does not throw for
 * what libvirt, the disk or the connection can do.
 */
export async function perform(action: Action, plan: Plan, tools: Tools): Promise<Outcome> {
  const { step, object } = action;
  const { state } = tools;
  const entry = { owner: plan.spec, command: plan.command, object, step: step.do, ...subjectOf(step), message: null };
  let backup: string | null = null;
  let file = '';
  try {
    const xml = xmlOf(step);
    if (xml !== null) file = state.draft(xml);
    const old = replacedBy(step);
    if (old !== null) backup = state.backup(object, uuidOf(step) ?? '', old);
    // What is only remembered has no beginning.
    if (!isRemembered(step)) state.record({ ...entry, state: 'begun' });
  } catch (error) {
    return { state: 'failed', message: stateMessage(error) };
  }
  const outcome = await attempt(action, { file, plan, tools });
  try {
    if (outcome.state === 'done') state.record({ ...entry, state: 'done' });
    else if (outcome.state === 'failed') state.record({ ...entry, state: 'failed', message: outcome.message });
  } catch (error) {
    if (outcome.state !== 'done') return outcome;
    return { state: 'unknown', message: `libvirt did it, and that could not be remembered: ${stateMessage(error)}` };
  }
  return outcome.state === 'done' ? { state: 'done', backup } : outcome;
}

function isRemembered({ do: what }: Step): boolean {
  return what === 'own-pool' || what === 'own-volume';
}

function stateMessage(error: unknown): string {
  if (error instanceof StateError) return error.message;
  throw error;
}

type Attempt = Exclude<Outcome, { state: 'done' }> | { readonly state: 'done' };

const DONE = { state: 'done' } as const;

async function attempt(
  { step, object: { name } }: Action,
  { file, plan, tools }: { readonly file: string; readonly plan: Plan; readonly tools: Tools },
): Promise<Attempt> {
  try {
    if (step.do === 'shut-down-domain') return outcomeOf(await shutDown({ ...step, name }, tools));
    if (step.do === 'delete-nvram') return outcomeOf(tools.remover.nvram(step.path, definitionsOf(step.uuid, plan, tools.state)));
    if (step.do === 'delete-tpm') return outcomeOf(tools.remover.tpm(step.path, step.uuid));
    const refusal = step.do === 'recreate-volume' ? await recreationRefusal(step, tools.connection) : null;
    return refusal === null ? await called(step, file, tools.connection) : outcomeOf(refusal);
  } catch (error) {
    if (error instanceof NotReachedError) return { state: 'failed', message: error.message };
    if (!(error instanceof ConnectionError)) throw error;
    return { state: 'unknown', message: `${error.message}; whether it was done shows when this is run again` };
  }
}

function outcomeOf(problem: string | null): Attempt {
  return problem === null ? DONE : { state: 'failed', message: problem };
}

async function called(step: Step, file: string, connection: Connection): Promise<Attempt> {
  for (const words of virshCalls(step, file)) {
    // oxlint-disable-next-line no-await-in-loop -- the second call needs the first
    const complaint = await complaintOf(words, step, connection);
    const older = complaint === null ? null : olderUndefine(step, complaint);
    // oxlint-disable-next-line no-await-in-loop
    const last = older === null ? complaint : await complaintOf(older, step, connection);
    if (last !== null) return { state: 'failed', message: complaintWithFix(last) };
  }
  return DONE;
}

/** What libvirt says against a call; null: it did it. */
async function complaintOf(words: VirshWords, step: Step, connection: Connection): Promise<string | null> {
  const { exitCode, stderr } = await connection.run(words, { timeoutMs: timeLimit(step), outlives: true });
  return exitCode === 0 ? null : virshComplaint(stderr);
}

/** The definition that this plan removes, and those that were kept: the VM may be gone since an earlier try. */
function definitionsOf(uuid: string, { actions }: Plan, state: StateSession): readonly string[] {
  const removed = actions.flatMap(({ step }) => (step.do === 'undefine-domain' && step.uuid === uuid ? [step.replaces] : []));
  return [...removed, ...state.backups('domain', uuid)];
}
