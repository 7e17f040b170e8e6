/** Why something could not be looked at. `not-recorded` exists only in snapshots: nobody looked when it was made. */
export type UnreadableReason = 'denied' | 'not-recorded' | 'too-large' | 'timed-out' | 'failed';

/**
 * The answer of a host to one question. "It is not there" (`absent`) and "could not look" (`unreadable`) are different
 * answers, and no layer above may turn the second into the first.
 */
export type Reading<T> =
  | { readonly state: 'ok'; readonly value: T }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly reason: UnreadableReason; readonly detail: string };

export const ABSENT = { state: 'absent' } as const;

/** A reading that has a value. */
export function ok<T>(value: T): Reading<T> {
  return { state: 'ok', value };
}

/** A reading that failed; `detail` is for people ("Permission denied", "recorded by passcheck 0.1.0 without it"). */
export function unreadable(reason: UnreadableReason, detail: string): Reading<never> {
  return { state: 'unreadable', reason, detail };
}

/** Applies `change` to the value of a reading and leaves the two other answers alone. */
export function mapReading<T, U>(reading: Reading<T>, change: (value: T) => U): Reading<U> {
  return reading.state === 'ok' ? ok(change(reading.value)) : reading;
}
