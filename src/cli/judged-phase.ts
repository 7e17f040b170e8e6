import { checkIds } from '../../suites/check-ids.ts';
import { phaseTexts } from '../../suites/phases.ts';
import { judgePhase } from '../phase/judge.ts';
import { loadPhase } from '../phase/load.ts';
import type { Report } from '../report/model.ts';

/** Judges reports by a phase: one of passcheck's own by its name, or a file. Throws a `UsageError` for what cannot be used. */
export function judgeByPhase(nameOrPath: string): (report: Report) => Report {
  const phase = loadPhase(nameOrPath, { builtIn: phaseTexts, checkIds });
  return (report) => {
    const judged = judgePhase(phase, report, checkIds);
    return judged.phase === undefined ? judged : { ...judged, phase: { ...judged.phase, given: nameOrPath } };
  };
}
