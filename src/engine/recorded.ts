import { recordedAdvice } from '../recorded-advice.ts';
import { shellWord } from '../remedy/shell-word.ts';
import type { Report, Result } from '../report/model.ts';

/** A result about a recorded host: who reads it may be far from that host, so nothing can be tried there. */
export function aboutRecording(result: Result): Result {
  const { status, remedy, evidence } = result;
  if (status !== 'error' || remedy === null) return result;
  const summary = recordedAdvice(
    remedy.summary,
    evidence.map(({ observed }) => observed),
  );
  return summary === remedy.summary ? result : { ...result, remedy: { summary } };
}

/** The report with the recording in the commands that plan pins: without it they would plan for the machine that one sits at. */
export function plannedFrom(report: Report, recording: string): Report {
  const pins = `passcheck pins --from ${shellWord(recording)} `;
  const withRecording = (remedy: Result['remedy']): Result['remedy'] => {
    if (remedy?.steps === undefined) return remedy;
    const steps = remedy.steps.map((step) =>
      step.run?.startsWith('passcheck pins ') === true ? { ...step, run: pins + step.run.slice('passcheck pins '.length) } : step,
    );
    return { ...remedy, steps };
  };
  return { ...report, results: report.results.map((result) => ({ ...result, remedy: withRecording(result.remedy) })) };
}
