import type { Report } from './model.ts';
import { suiteCommand } from './suite-command.ts';
import { shorten } from './wrap.ts';

const MOST = 6;

/** When each of the reports was made that this one was put together from: what changed in between was seen by none. */
export function partsWords({ parts = [] }: Report): string[] {
  if (parts.length === 0) return [];
  const shown = parts.slice(0, MOST).map((part) => words(part));
  const more = parts.length > MOST ? ` and ${parts.length - MOST} more` : '';
  return [`Put together from ${parts.length} reports: ${shown.join(', ')}${more}. What changed in between, no check saw.`];
}

/** `lint win11 (2026-11-20 14:58 UTC, recorded)` */
function words({ suite, domain, startedAt, recorded }: NonNullable<Report['parts']>[number]): string {
  const name = [suiteCommand(suite), ...(domain === null ? [] : [domain])].join(' ');
  return `${shorten(name, 120)} (${timeWords(startedAt)}${recorded === true ? ', recorded' : ''})`;
}

/** A recording that does not say when it was made gets the beginning of Unix time. */
function timeWords(startedAt: string): string {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):/.exec(startedAt) ?? [];
  if (startedAt === '' || date === '1970-01-01') return 'no time known';
  return date === undefined || time === undefined ? shorten(startedAt, 60) : `${date} ${time} UTC`;
}
