/** Why something is not done to a VM, and how a person gets on. */
export interface Problem {
  readonly message: string;
  /** An imperative; null where there is nothing to do. */
  readonly fix: string | null;
}

/** Work that was done, or that nothing was done of. */
export type Attempt<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problems: readonly Problem[] };

export function refused(message: string, fix: string | null = null): { readonly ok: false; readonly problems: readonly Problem[] } {
  return { ok: false, problems: [{ message, fix }] };
}
