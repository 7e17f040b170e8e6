import { DEFAULT_CONFIG } from '../src/config/defaults.ts';
import type { Config } from '../src/config/schema.ts';
import type { Check } from '../src/engine/check.ts';
import { runChecks } from '../src/engine/run.ts';
import { createFactStore } from '../src/engine/fact-store.ts';
import type { Attempt, Fact } from '../src/facts/fact.ts';
import { memoryHost, type MemoryHost } from '../src/host/memory.ts';
import type { Report, Result } from '../src/report/model.ts';

const STILL = { wall: () => 0, monotonic: () => 0 };

/** Runs checks on an in-memory host, through the engine. */
export function judge(checks: readonly Check[], host: MemoryHost, config: Config = DEFAULT_CONFIG): Promise<Report> {
  return runChecks({ suite: 'test', checks, host: memoryHost(host), context: { config }, version: '0.0.0', clock: STILL });
}

/** The one result of one check. */
export async function judgeOne(check: Check, host: MemoryHost, config?: Config): Promise<Result> {
  const { results } = await judge([check], host, config);
  const [result] = results;
  if (result === undefined || results.length > 1) throw new Error(`${results.length} results`);
  return result;
}

/** Collects one fact from an in-memory host. */
export function collect<Value>(fact: Fact<Value>, host: MemoryHost, config: Config = DEFAULT_CONFIG): Promise<Attempt<Value>> {
  return createFactStore({ host: memoryHost(host), context: { config }, now: () => 0 }).get(fact);
}

/** The value of a fact on an in-memory host; throws its error. */
export async function valueOf<Value>(fact: Fact<Value>, host: MemoryHost, config?: Config): Promise<Value> {
  const attempt = await collect(fact, host, config);
  if (!attempt.ok) throw attempt.error;
  return attempt.value;
}
