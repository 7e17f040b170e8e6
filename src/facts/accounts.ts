import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';

export interface UserAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

export interface GroupAccount {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** Users and groups as configured: what is in effect after the next login. */
export interface Accounts {
  readonly users: readonly UserAccount[];
  readonly groups: readonly GroupAccount[];
}

export const accounts = defineFact({
  id: 'accounts',
  collect(): Accounts {
    throw new FactError({ source: '/etc/passwd', reason: 'not looked at yet' });
  },
});
