import type { Action, Plan, PlannedObject, Remark } from './model.ts';

/** What a part of a plan comes to; parts are joined in the order in which they are to be done. */
export interface Part {
  readonly actions: readonly Action[];
  readonly pending: Plan['pending'];
  readonly refused: readonly Remark[];
  readonly notes: readonly Remark[];
}

/** A part with what is given and nothing else. */
export function part(given: Partial<Part>): Part {
  return { actions: [], pending: [], refused: [], notes: [], ...given };
}

export function joined(parts: readonly Part[]): Part {
  return {
    actions: parts.flatMap(({ actions }) => actions),
    pending: parts.flatMap(({ pending }) => pending),
    refused: parts.flatMap(({ refused }) => refused),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

/** One thing that passcheck does not do, and how a person gets on. */
export function refusal(object: PlannedObject | null, message: string, fix: string | null): Part {
  return part({ refused: [{ object, message, fix }] });
}

/** One thing to know. */
export function note(object: PlannedObject | null, message: string, fix: string | null = null): Part {
  return part({ notes: [{ object, message, fix }] });
}
