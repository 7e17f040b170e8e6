import type { Report, Result, Verdict } from '../report/model.ts';

/**
 * GO: no blocker failed and none is an error. NO-GO: a blocker failed. INCONCLUSIVE: no blocker failed, but one could not
 * be looked at, or nothing at all was judged. With `strict`, majors count as blockers.
 */
export function verdictOf(results: readonly Pick<Result, 'severity' | 'status'>[], strict: boolean): Verdict {
  const decisive = results.filter(({ severity }) => severity === 'blocker' || (strict && severity === 'major'));
  if (decisive.some(({ status }) => status === 'fail')) return 'NO-GO';
  if (decisive.some(({ status }) => status === 'error' || status === 'skipped')) return 'INCONCLUSIVE';
  return results.some(({ status }) => status === 'pass' || status === 'fail') ? 'GO' : 'INCONCLUSIVE';
}

/** The verdict of a report's checks alone: that of one with a phase is the worse of both. */
export function checksVerdict({ phase, verdict, results, strict = false }: Report): Verdict {
  return phase === undefined ? verdict : verdictOf(results, strict);
}

const WORST_FIRST: readonly Verdict[] = ['NO-GO', 'INCONCLUSIVE', 'GO'];

/** The worst of some verdicts. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'INCONCLUSIVE';
}

/** How many results there are of each status. */
export function countByStatus(results: readonly Pick<Result, 'status'>[]): Report['counts'] {
  const counts = { pass: 0, fail: 0, error: 0, 'not-applicable': 0, skipped: 0 };
  for (const { status } of results) counts[status] += 1;
  return counts;
}

/** The exit code of a verdict: scripts rely on it. */
export const EXIT_CODES = { GO: 0, 'NO-GO': 1, INCONCLUSIVE: 3 } as const satisfies Record<Verdict, number>;
