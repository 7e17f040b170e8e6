import type { Report, Result } from './model.ts';

/** The report with the commands of its fixes as they are typed here: `npx passcheck …` where that is how it was started. */
export function withProgram(report: Report, program: string): Report {
  if (program === 'passcheck') return report;
  return { ...report, results: report.results.map((result) => ({ ...result, remedy: typed(result.remedy, program) })) };
}

function typed(remedy: Result['remedy'], program: string): Result['remedy'] {
  if (remedy?.steps === undefined) return remedy;
  const steps = remedy.steps.map((step) =>
    step.run === undefined ? step : { ...step, run: step.run.replace(/^(sudo )?passcheck(?= )/, `$1${program}`) },
  );
  return { ...remedy, steps };
}
