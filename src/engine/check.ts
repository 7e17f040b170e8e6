import type { Attempt } from '../facts/fact.ts';
import type { FactId, FactValues } from '../facts/registry.ts';
import type { Outcome, Severity } from './outcome.ts';

/** What one check found about one subject: a device, a domain, a file. */
export interface SubjectOutcome {
  readonly subject: string;
  readonly outcome: Outcome;
}

/** The facts that a check gets: the values of `needs`, an attempt for each of `wants`, and no other. */
export type CheckFacts<Needs extends FactId, Wants extends FactId> = {
  readonly [Id in Needs]: FactValues[Id];
} & { readonly [Id in Wants]: Attempt<FactValues[Id]> };

/** One check as the engine runs it. */
export interface Check {
  /** Its path under `suites/`, stable for ever. */
  readonly id: string;
  /** The good state, as a sentence. */
  readonly title: string;
  readonly severity: Severity;
  readonly needs: readonly FactId[];
  readonly wants: readonly FactId[];
  /** What the failure means for the user. */
  readonly why: string;
  /** Where the claim comes from: addresses of documentation or source. */
  readonly sources: readonly string[];
  evaluate(facts: Readonly<Record<string, unknown>>): Outcome | readonly SubjectOutcome[];
}

/**
 * Defines a check: a pure function of the facts it names. A list of {@link SubjectOutcome} gives one result per subject;
 * an empty list means that there was nothing to judge.
 */
export function defineCheck<const Needs extends FactId = never, const Wants extends FactId = never>(definition: {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly needs?: readonly Needs[];
  readonly wants?: readonly Wants[];
  readonly why: string;
  readonly sources: readonly [string, ...string[]];
  evaluate(facts: CheckFacts<Needs, Wants>): Outcome | readonly SubjectOutcome[];
}): Check & { evaluate(facts: CheckFacts<Needs, Wants>): Outcome | readonly SubjectOutcome[] } {
  return { ...definition, needs: definition.needs ?? [], wants: definition.wants ?? [] };
}
