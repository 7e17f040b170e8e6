import type { Report } from '../model.ts';
import { shorten } from '../wrap.ts';
import { html, type Html } from './markup.ts';

const ISO = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d{1,9})?Z$/;

/** {@link timeWords} as a machine can read them, too. */
export function timeMark(report: Report): Html | null {
  const words = timeWords(report);
  if (words === null) return null;
  return ISO.test(report.startedAt) ? html`<time datetime="${report.startedAt}">${words}</time>` : html`${words}`;
}

/** `2026-11-20 14:58 UTC`: when the host was looked at, or recorded. Null when nobody knows: such a report begins with Unix time. */
export function timeWords({ startedAt }: Report): string | null {
  if (startedAt === '' || startedAt.startsWith('1970-01-01')) return null;
  const [, date, time] = ISO.exec(startedAt) ?? [];
  return date === undefined || time === undefined ? shorten(startedAt, 60) : `${date} ${time} UTC`;
}
