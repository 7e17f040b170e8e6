import type { Report } from '../model.ts';
import { shorten } from '../wrap.ts';
import { html, type Html } from './markup.ts';
import { subjectName } from './subject-words.ts';
import { timeWords } from './time.ts';

/** What stands on every printed sheet, as attributes that the style reads: paper has no script, and sheets get lost. */
export function runningLine(report: Report): Html {
  const { verdict, tool, recorded } = report;
  const time = timeWords(report);
  const parts = [
    verdict,
    shorten(subjectName(report), 60),
    ...(time === null ? [] : [`${recorded === true ? 'recorded ' : ''}${time}`]),
    `passcheck ${shorten(tool.version, 40)}`,
  ];
  return html` data-line="${parts.filter((part) => part !== '').join(' · ')}" data-notice="${noticeWords(report)}"`;
}

/** Short enough for the foot of a sheet. */
function noticeWords({ notice, measurements }: Report): string {
  if (notice !== undefined) return shorten(notice.split(/[:.] /)[0] ?? '', 60);
  return measurements.some(({ synthetic }) => synthetic === true) ? 'With synthetic measurements' : '';
}
