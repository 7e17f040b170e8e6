import { CONTROL_CHARACTERS } from './sanitize.ts';
import type { Report } from './model.ts';

/**
 * The Report itself, under the names of its schema. Characters that a terminal could obey are written as `\u` escapes,
 * which says the same to a JSON parser.
 */
export function renderJson(report: Report): string {
  return `${safeJson(report)}\n`;
}

/** JSON of anything, indented by two, without a control character besides its line ends. */
export function safeJson(value: unknown): string {
  // Nearly all of a report is plain, and the pattern of what is not is slow.
  return JSON.stringify(value, null, 2).replaceAll(/[^\n -~]+/g, (piece) => piece.replaceAll(CONTROL_CHARACTERS, escape));
}

function escape(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
}
