import type { Config } from '../config/schema.ts';
import type { DocumentSource } from '../domain/document.ts';
import type { HostSource } from '../host/source.ts';
import type { FactError } from './fact-error.ts';

/** Effects that a collector may have; only commands that say so may run such a collector. */
export type Effect = 'runs-vm' | 'long';

/** What a collector may know besides the host. */
export interface FactContext {
  /** The user's `passcheck.yaml`; the empty configuration when there is none. */
  readonly config: Config;
  /** The domain definitions that `passcheck lint` was given. */
  readonly definitions?: readonly GivenDefinition[];
}

/** A text that should be a domain definition, or why it could not be had. */
export type GivenDefinition = DocumentSource | { readonly label: string; readonly unreadable: string; readonly hint: string };

/** A fact that may be missing: its value, or why it could not be had. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: FactError };

/** One fact: raw text of a host → typed value. `id` is the name under which it is registered. */
export interface Fact<Value> {
  readonly id: string;
  readonly effects: readonly Effect[];
  /** It is about what was given to passcheck, not about a host. */
  readonly hostless: boolean;
  /** Facts whose failure is this fact's failure. */
  readonly needs: FactTable;
  /** Facts that help when they can be had. */
  readonly wants: FactTable;
  collect(host: HostSource, facts: Readonly<Record<string, unknown>>, context: FactContext): Value | Promise<Value>;
}

export type FactTable = Readonly<Record<string, Fact<unknown>>>;

/** The type of a fact's value. */
export type ValueOf<F> = F extends Fact<infer Value> ? Value : never;

type Collected<Needs extends FactTable, Wants extends FactTable> = {
  readonly [Key in keyof Needs]: ValueOf<Needs[Key]>;
} & { readonly [Key in keyof Wants]: Attempt<ValueOf<Wants[Key]>> };

/**
 * Defines a fact. `collect` gets the values of `needs` and an {@link Attempt} for each of `wants`, under the names given
 * there; it throws a {@link FactError} when it could not look, and never judges.
 */
export function defineFact<Value, Needs extends FactTable = {}, Wants extends FactTable = {}>(definition: {
  readonly id: string;
  readonly effects?: readonly Effect[];
  readonly hostless?: boolean;
  readonly needs?: Needs;
  readonly wants?: Wants;
  collect(this: void, host: HostSource, facts: Collected<Needs, Wants>, context: FactContext): Value | Promise<Value>;
}): Fact<Value> {
  const { id, effects = [], hostless = false, needs = {}, wants = {}, collect } = definition;
  return {
    id,
    effects,
    hostless,
    needs,
    wants,
    // The store fills exactly the keys of `needs` and `wants`.
    collect: (host, facts, context) => collect(host, facts as Collected<Needs, Wants>, context),
  };
}
