import { oneLine } from '../../report/sanitize.ts';
import { UsageError } from '../../usage-error.ts';
import { type Action, type Plan, planSchema } from './model.ts';
import { objectWords } from './plan-text.ts';

/** The newest plan format that this passcheck reads. */
const PLAN_SCHEMA = 1;
const MOST_PROBLEMS = 10;

/** Reads a stored plan; throws a {@link UsageError} for what is truncated, of another program, newer, or damaged: one line a problem. */
export function readPlan(name: string, text: string): Plan {
  const json = parsed(name, text);
  const fields: Readonly<Record<string, unknown>> = typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : {};
  const { tool, schema, actions } = fields;
  const program = typeof tool === 'object' && tool !== null && 'name' in tool ? tool.name : undefined;
  if (program !== 'passcheck' || (actions === undefined && schema === PLAN_SCHEMA)) throw new UsageError(`${name} is no plan of passcheck`);
  if (typeof schema === 'number' && schema > PLAN_SCHEMA) {
    throw new UsageError(`${name} was made by a newer passcheck (plan schema ${schema}, this one reads ${PLAN_SCHEMA}): update passcheck`);
  }
  const checked = planSchema.safeParse(json);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.slice(0, MOST_PROBLEMS).map(({ path }) => {
    const place = oneLine(path.map(String).join('.')).slice(0, 120);
    return `${name} is damaged: no usable value at ${place === '' ? 'its top' : place}`;
  });
  throw new UsageError([...new Set(problems)].join('\n'));
}

function parsed(name: string, text: string): unknown {
  if (text.trim() === '') throw new UsageError(`${name} is empty`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const isCutOff = /^\s*\{/.test(text) && !/\}\s*$/.test(text);
    throw new UsageError(`${name} is ${isCutOff ? 'truncated: its end is missing' : 'no JSON, so no plan of passcheck'}`, { cause: error });
  }
}

/**
 * Why a stored plan cannot be applied here; null when it can. `again`: the plan that its spec gives now. Only what would be done counts,
 * not the notes. What is applied is `again`, so that a changed file gets nothing done.
 */
export function planProblem(stored: Plan, again: Plan, hostId: string): string | null {
  if (stored.command !== 'apply') return `it is a plan of ${stored.command}, not one of passcheck plan`;
  if (stored.source === null) return 'the spec that it was made from is not in it';
  if (stored.host !== hostId) return 'it was made on another machine';
  if (stored.connection !== again.connection) return `it is for ${stored.connection}, not ${again.connection}`;
  if (stored.spec !== again.spec) return `it is for the spec ${stored.spec}, not ${again.spec}`;
  const changed = firstDifference(stored.actions, again.actions);
  if (changed !== null) return `the world has changed since: ${changed}`;
  const refused = again.refused.find((now) => !stored.refused.some((then) => same(now, then)));
  return refused === undefined ? null : `the world has changed since: ${objectWords(refused.object)}: ${refused.message}`;
}

function firstDifference(then: readonly Action[], now: readonly Action[]): string | null {
  const count = Math.max(then.length, now.length);
  for (let index = 0; index < count; index++) {
    const [before, after] = [then[index], now[index]];
    if (same(before, after)) continue;
    const isGone = before !== undefined && !now.some((action) => same(action, before));
    const shown = isGone ? before : (after ?? before);
    if (shown === undefined) return null;
    const words = `${objectWords(shown.object)} (${shown.summary})`;
    if (isGone && now.some(({ object, step }) => same(object, shown.object) && step.do === shown.step.do))
      return `${words} is to be done differently`;
    return isGone ? `${words} is not to be done any more` : `${words} is to be done now, too`;
  }
  return null;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
