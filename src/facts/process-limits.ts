import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import { requiredText } from './read.ts';

/** How much memory the process that looks may lock, in bytes; Infinity when it is not limited. */
export interface ProcessLimits {
  readonly lockedMemorySoft: number;
  /** Up to here a process without rights may raise the limit of its own. */
  readonly lockedMemoryHard: number;
}

export const LIMITS_PATH = '/proc/self/limits';

/** Limits that the caller's processes inherit. https://man7.org/linux/man-pages/man5/proc_pid_limits.5.html */
export const processLimits = defineFact({
  id: 'processLimits',
  collect(host): ProcessLimits {
    const limits = parseLockedMemory(requiredText(host, LIMITS_PATH));
    if (limits === null) throw new FactError({ source: LIMITS_PATH, reason: 'no line "Max locked memory"', hint: 'run ulimit -l' });
    return limits;
  },
});

/** `Max locked memory         8388608              8388608              bytes` */
export function parseLockedMemory(text: string): ProcessLimits | null {
  const match = /^Max locked memory +(\d{1,20}|unlimited) +(\d{1,20}|unlimited)(?: |$)/m.exec(text);
  return match === null ? null : { lockedMemorySoft: bytes(match[1]), lockedMemoryHard: bytes(match[2]) };
}

function bytes(text = ''): number {
  return text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text);
}
