import { countByStatus, verdictOf, worstOf } from '../engine/verdict.ts';
import { phaseVerdict } from '../phase/phase-verdict.ts';
import type { Report, Verdict } from '../report/model.ts';

/**
 * What a stored report says against itself: passcheck writes no such report, so somebody edited it. Null: nothing. A verdict that is
 * worse than its results is none: reports that were put together have the worst of theirs.
 */
export function contradiction(report: Report): string | null {
  const { counts, phase, results, strict = false, verdict } = report;
  const counted = countByStatus(results);
  const wrong = STATUSES.find((status) => counts[status] !== counted[status]);
  if (wrong !== undefined) return `it counts ${counts[wrong]} results as "${wrong}", and holds ${counted[wrong]}`;
  const own = verdictOf(results, strict);
  if (isBetter(verdict, own)) return `it says ${verdict}, and its results say ${own}`;
  if (phase === undefined) return null;
  const judged = phaseVerdict(phase.criteria);
  if (phase.verdict !== judged) return `its phase says ${phase.verdict}, and the criteria say ${judged}`;
  return isBetter(verdict, judged) ? `it says ${verdict}, and its phase says ${judged}` : null;
}

const STATUSES = ['pass', 'fail', 'error', 'not-applicable', 'skipped'] as const;
function isBetter(verdict: Verdict, than: Verdict): boolean {
  return worstOf([verdict, than]) !== verdict;
}
