import { oncePer } from '../../once-per.ts';
import type { Report, Result } from '../model.ts';
import { sift } from '../not-recorded.ts';
import { findings } from '../order.ts';

/** Where what is told in one block stands: the checks whose material is not in the recording. */
export const NOT_RECORDED_ANCHOR = 'not-recorded';

/** The place of each result in the page, for links to it: `finding-2`, `result-17`. */
export const resultAnchors: (report: Report) => ReadonlyMap<Result, string> = oncePer((report) => {
  const { own, notRecorded } = sift(report, findings(report));
  return new Map([
    ...report.results.map((result, index) => [result, `result-${index + 1}`] as const),
    ...notRecorded.map((result) => [result, NOT_RECORDED_ANCHOR] as const),
    ...own.map((result, index) => [result, `finding-${index + 1}`] as const),
  ]);
});
