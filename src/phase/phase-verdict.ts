import type { Verdict } from '../report/model.ts';
import type { JudgedCriterion } from '../report/phase-model.ts';

/** NO-GO: a criterion failed. GO: all are met. */
export function phaseVerdict(criteria: readonly JudgedCriterion[]): Verdict {
  if (criteria.some(({ state }) => state === 'failed')) return 'NO-GO';
  return criteria.length > 0 && criteria.every(({ state }) => state === 'met') ? 'GO' : 'INCONCLUSIVE';
}
