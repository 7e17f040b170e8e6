import { ok, type Reading, unreadable } from '../host/reading.ts';
import { defineFact } from './fact.ts';
import { readAttribute } from './read.ts';

/** Does the kernel look for equal pages of different processes, to merge them (KSM)? */
export interface Ksm {
  /** Absent: a kernel without KSM. `unmerging`: what was merged was taken apart, and nothing is looked at any more. */
  readonly state: Reading<'stopped' | 'running' | 'unmerging'>;
}

export const KSM_PATH = '/sys/kernel/mm/ksm/run';
const STATES = ['stopped', 'running', 'unmerging'] as const;

/** https://docs.kernel.org/admin-guide/mm/ksm.html */
export const ksm = defineFact({
  id: 'ksm',
  collect(host): Ksm {
    const text = readAttribute(host, KSM_PATH);
    if (text.state !== 'ok') return { state: text };
    const state = STATES[Number(text.value)];
    return { state: state === undefined ? unreadable('failed', 'no state of KSM') : ok(state) };
  },
});
