import type { Result } from '../report/model.ts';

/** Advice that only helps on the host itself. */
const ON_THE_HOST = /\broot\b|\bby hand\b|\bpasscheck(?!\.yaml)\b/;
const DENIED = /denied|not permitted|\bonly root\b|\bneeds root\b/i;
const NOT_RECORDED = /\b(?:does not hold it|did not record it|not recorded)\b/;

/** A result about a recorded host: who reads it may be far from that host, so nothing can be tried there. */
export function aboutRecording(result: Result): Result {
  const { status, remedy, evidence } = result;
  if (status !== 'error' || remedy === null || !ON_THE_HOST.test(remedy.summary)) return result;
  return { ...result, remedy: { summary: adviceFor(evidence.map(({ observed }) => observed)) } };
}

function adviceFor(observed: readonly string[]): string {
  if (observed.some((text) => NOT_RECORDED.test(text))) return 'the recording does not hold it';
  if (observed.some((text) => DENIED.test(text))) return 'it was hidden from the user who recorded this host: record it again as root';
  return 'the recording shows no more than this';
}
