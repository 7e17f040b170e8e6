import { besideFrame } from '../../src/report/code-frame.ts';
import { sourceWords } from '../../src/report/html/evidence.ts';
import type { Report, Result } from '../../src/report/model.ts';
import { observedWords, ownMessage, sift } from '../../src/report/not-recorded.ts';
import { findings } from '../../src/report/order.ts';

/** What a person has to read of each finding. */
export function neededTexts(report: Report): string[] {
  const { own } = sift(report, findings(report));
  return own.flatMap((result) => [
    result.title,
    (result.status === 'fail' ? result.message : ownMessage(result)) ?? '',
    ...evidenceTexts(result),
    result.remedy?.summary ?? '',
  ]);
}

function evidenceTexts(result: Result): string[] {
  const { expected: wanted, evidence } = besideFrame(result);
  return [
    wanted ?? '',
    ...evidence.flatMap(({ source, observed, expected }) => [sourceWords(result, source), observedWords(result, observed), expected ?? '']),
  ];
}

/** Those that a text does not hold, wherever lines, columns and pages break it. */
export function missing(text: string, needed: readonly string[]): string[] {
  const seen = unbroken(text);
  return needed.filter((one) => !seen.includes(unbroken(one)));
}

/** A printed text has ligatures, too. */
function unbroken(text: string): string {
  return text.normalize('NFKC').replaceAll(/\s+/g, '');
}
