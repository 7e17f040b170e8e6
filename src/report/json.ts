import { CONTROL_CHARACTERS } from './sanitize.ts';
import type { Report } from './model.ts';

/**
 * The Report itself, under the names of its schema. Characters that a terminal could obey are written as `\u` escapes,
 * which says the same to a JSON parser.
 */
export function renderJson(report: Report): string {
  return [...jsonPieces(report)].join('');
}

const RESULTS_IN_PIECE = 64;

/**
 * {@link renderJson} in pieces. A report can be longer than the longest string; and one character that is not Latin-1 doubles
 * the memory of the string that it is in.
 */
export function* jsonPieces(report: Report): Iterable<string> {
  const { results } = report;
  // Only at the beginning of a line, where no text of a report can be, are there two blanks and a name.
  const [before = '', after] = safeJson({ ...report, results: [] }).split(NO_RESULTS);
  if (results.length === 0 || after === undefined) {
    yield `${safeJson(report)}\n`;
    return;
  }
  yield `${before}${OPENING}`;
  for (let from = 0; from < results.length; from += RESULTS_IN_PIECE) {
    const piece = safeJson({ results: results.slice(from, from + RESULTS_IN_PIECE) });
    yield `${from === 0 ? '' : ',\n'}${piece.slice(1 + OPENING.length, -CLOSING.length - 2)}`;
  }
  yield `${CLOSING}${after}\n`;
}

const NO_RESULTS = '\n  "results": []';
const OPENING = '\n  "results": [\n';
const CLOSING = '\n  ]';

/** JSON of anything, indented by two, without a control character besides its line ends. */
export function safeJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  // Nearly all of a report is plain, and the patterns of what is not are slow: beyond ASCII a character has more bytes than units.
  if (Buffer.byteLength(text) === text.length && !text.includes('\u007f')) return text;
  return text.replaceAll(/[^\n -~]+/g, (piece) => piece.replaceAll(CONTROL_CHARACTERS, escape));
}

function escape(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
}
