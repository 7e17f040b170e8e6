import { saysNotRecorded } from '../recorded-advice.ts';
import type { Report, Result } from './model.ts';

/** Could the check not look because nobody recorded what it looks at? */
export function isNotRecorded({ recorded = false }: Report, { status, evidence }: Result): boolean {
  return recorded && status === 'error' && evidence.length > 0 && evidence.every(({ observed }) => saysNotRecorded(observed));
}

/** What was seen, without the name of the recording, which is the same everywhere in a report. */
export function observedWords({ status }: Result, observed: string): string {
  return status === 'error'
    ? observed.replace(/^(could not look: )?\/?[^\n:]{1,300} does not hold it\b/, '$1not in this recording')
    : observed;
}

/** What a check says beyond its evidence. The engine's own message for what could not be looked at only repeats that. */
export function ownMessage(result: Result): string | null {
  const { message, status, evidence } = result;
  if (message === null || (status === 'error' && message === `could not look: ${evidence[0]?.observed}`)) return null;
  return observedWords(result, message);
}

/** What stands for itself, and what is told in one block: the checks whose material is not in the recording. */
export interface Sifted {
  readonly own: readonly Result[];
  readonly notRecorded: readonly Result[];
}

/** Takes what a recording does not hold out of the findings, when it is more than one check. */
export function sift(report: Report, results: readonly Result[]): Sifted {
  const notRecorded = new Set(results.filter((result) => isNotRecorded(report, result)));
  if (shortIds([...notRecorded]).length < 2) return { own: results, notRecorded: [] };
  return { own: results.filter((result) => !notRecorded.has(result)), notRecorded: [...notRecorded] };
}

/** `iommu/enabled`: ids without the suite, each once. */
export function shortIds(results: readonly Result[]): string[] {
  return [...new Set(results.map(({ id }) => id.slice(id.indexOf('/') + 1)))];
}

/** `Not in this recording: 48 checks`, and which: those that decide the verdict first. */
export function notRecordedWords(results: readonly Result[]): {
  readonly heading: string;
  readonly rows: readonly (readonly [string, string])[];
} {
  const blockers = shortIds(results.filter(({ severity }) => severity === 'blocker'));
  const blocking = new Set(blockers);
  const others = shortIds(results).filter((id) => !blocking.has(id));
  const rows = [['blockers', blockers] as const, ['others', others] as const].flatMap(([name, ids]) =>
    ids.length === 0 ? [] : [[name, ids.join(', ')] as const],
  );
  return { heading: `Not in this recording: ${blockers.length + others.length} checks`, rows };
}
