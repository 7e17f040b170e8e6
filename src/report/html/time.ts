import type { Report } from '../model.ts';
import { shorten } from '../wrap.ts';
import { html, type Html } from './markup.ts';

const ISO = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d{1,9})?Z$/;

/** `2026-11-20 14:58 UTC`: when the host was looked at, or recorded. Null when nobody knows: such a report begins with Unix time. */
export function timeMark({ startedAt }: Report): Html | null {
  if (startedAt === '' || startedAt.startsWith('1970-01-01')) return null;
  const [, date, time] = ISO.exec(startedAt) ?? [];
  if (date === undefined || time === undefined) return html`${shorten(startedAt, 60)}`;
  return html`<time datetime="${startedAt}">${date} ${time} UTC</time>`;
}
