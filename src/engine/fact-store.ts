import { FactError, NO_HOST } from '../facts/fact-error.ts';
import type { Attempt, Effect, Fact, FactContext, FactTable } from '../facts/fact.ts';
import type { HostSource } from '../host/source.ts';

/** How the collection of one fact went, for the report. */
interface FactTiming {
  readonly id: string;
  readonly status: 'ok' | 'error';
  readonly ms: number;
}

/** Collects each fact once, in parallel where it can, and keeps failures as data. */
export interface FactStore {
  get<Value>(fact: Fact<Value>): Promise<Attempt<Value>>;
  /** Sorted by id. */
  timings(): readonly FactTiming[];
}

/** What a store needs to collect: the host, the context, the allowed effects and a clock (milliseconds). */
export interface FactStoreOptions {
  readonly host: HostSource;
  readonly context: FactContext;
  readonly allow?: readonly Effect[];
  readonly now: () => number;
  /** What is known of the same host already: only facts about the given definitions are collected anew. */
  readonly base?: FactStore;
}

export function createFactStore({ host, context, allow = [], now, base }: FactStoreOptions): FactStore {
  const attempts = new Map<string, Promise<Attempt<unknown>>>();
  const timings: FactTiming[] = [];

  async function collect(fact: Fact<unknown>): Promise<Attempt<unknown>> {
    if (host.kind === 'none' && !fact.hostless) return noHostFacts(fact);
    const forbidden = fact.effects.find((effect) => !allow.includes(effect));
    if (forbidden !== undefined) return refusal(fact, forbidden);
    const facts: Record<string, unknown> = {};
    const needs = await gather(fact.needs);
    for (const [name, attempt] of needs) {
      if (!attempt.ok) return attempt;
      facts[name] = attempt.value;
    }
    for (const [name, attempt] of await gather(fact.wants)) facts[name] = attempt;
    const startedAt = now();
    const attempt = await collectOnce(fact, host, facts, context);
    timings.push({ id: fact.id, status: attempt.ok ? 'ok' : 'error', ms: Math.round(now() - startedAt) });
    return attempt;
  }

  async function gather(table: FactTable): Promise<[string, Attempt<unknown>][]> {
    return Promise.all(Object.entries(table).map(async ([name, fact]): Promise<[string, Attempt<unknown>]> => [name, await get(fact)]));
  }

  function get<Value>(fact: Fact<Value>): Promise<Attempt<Value>> {
    if (base !== undefined && !isAboutGiven(fact)) return base.get(fact);
    const attempt = attempts.get(fact.id) ?? collect(fact);
    attempts.set(fact.id, attempt);
    // The attempt under this id was made by this fact: ids are unique, as the registry's test asserts.
    return attempt as Promise<Attempt<Value>>;
  }

  return { get, timings: () => [...(base?.timings() ?? []), ...timings].toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** Does the fact depend on the definitions that were given to passcheck? */
function isAboutGiven({ hostless, needs, wants }: Fact<unknown>): boolean {
  return hostless || [...Object.values(needs), ...Object.values(wants)].some(isAboutGiven);
}

async function collectOnce(
  fact: Fact<unknown>,
  host: HostSource,
  facts: Record<string, unknown>,
  context: FactContext,
): Promise<Attempt<unknown>> {
  try {
    return { ok: true, value: await fact.collect(host, facts, context) };
  } catch (error) {
    if (error instanceof FactError) return { ok: false, error };
    throw new Error(`fact ${fact.id} broke`, { cause: error });
  }
}

function noHostFacts(fact: Fact<unknown>): Attempt<never> {
  return { ok: false, error: new FactError({ source: fact.id, reason: NO_HOST }) };
}

function refusal(fact: Fact<unknown>, effect: Effect): Attempt<never> {
  return {
    ok: false,
    error: new FactError({ source: fact.id, reason: `not collected: it has the effect "${effect}", which this command does not allow` }),
  };
}
