import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';

/** A user as checks need it. */
export interface Identity {
  /** Null when /etc/passwd does not know the id. */
  readonly name: string | null;
  readonly uid: number;
  readonly gid: number;
}

/** Who runs passcheck. */
export interface Caller extends Identity {
  /** Groups of the running process: what is in effect. */
  readonly groups: readonly number[];
  readonly isRoot: boolean;
  /** The user behind sudo; null when sudo was not used. */
  readonly sudoUser: Identity | null;
}

export const caller = defineFact({
  id: 'caller',
  collect(): Caller {
    throw new FactError({ source: '/proc/self/status', reason: 'not looked at yet' });
  },
});
