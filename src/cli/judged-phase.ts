import { checkIds } from '../../suites/check-ids.ts';
import { phaseTexts } from '../../suites/phases.ts';
import { withRecording } from '../phase/commands.ts';
import { judgePhase } from '../phase/judge.ts';
import { loadPhase } from '../phase/load.ts';
import type { Report } from '../report/model.ts';

/** Judges reports by a phase: one of passcheck's own by its name, or a file. Throws a `UsageError` for what cannot be used. `recording`: that the reports are made of. */
export function judgeByPhase(nameOrPath: string, recording?: string): (report: Report) => Report {
  const phase = loadPhase(nameOrPath, { builtIn: phaseTexts, checkIds });
  return (report) => {
    const judged = judgePhase(phase, report, checkIds);
    if (judged.phase === undefined) return judged;
    const { criteria } = judged.phase;
    const typed =
      recording === undefined ? criteria : criteria.map((criterion) => ({ ...criterion, next: withRecording(criterion.next, recording) }));
    return { ...judged, phase: { ...judged.phase, criteria: typed, given: nameOrPath } };
  };
}
