import type { Reading } from '../host/reading.ts';

/** Why a fact could not be had: what was looked at, what came back, and what the user can do about it. */
export class FactError extends Error {
  override readonly name = 'FactError';
  /** A path or an argv that the user can try. */
  readonly source: string;
  readonly reason: string;
  readonly hint: string | undefined;

  constructor(details: { source: string; reason: string; hint?: string; cause?: unknown }) {
    super(`${details.source}: ${details.reason}`, { cause: details.cause });
    this.source = details.source;
    this.reason = details.reason;
    this.hint = details.hint;
  }
}

/** The reason of every fact of a host where there is none to look at. */
export const NO_HOST = 'no host is looked at';

/** The error for a reading that has no value. */
export function readingError(source: string, reading: Exclude<Reading<unknown>, { state: 'ok' }>, hint?: string): FactError {
  if (reading.state === 'absent') return new FactError({ source, reason: 'not there', ...(hint === undefined ? {} : { hint }) });
  return new FactError({ source, reason: reading.detail, hint: hint ?? HINTS[reading.reason] });
}

const HINTS = {
  denied: 'run passcheck as root to see it',
  'not-recorded': 'the snapshot does not hold it: record a new one with `passcheck snapshot`',
  'too-large': 'it is far larger than such a file can be',
  'timed-out': 'try the command by hand',
  failed: 'look at it by hand',
};
