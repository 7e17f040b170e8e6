import { recordedAdvice } from '../recorded-advice.ts';
import type { Result } from '../report/model.ts';

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
