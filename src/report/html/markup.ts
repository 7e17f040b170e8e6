import { CONTROL_CHARACTERS } from '../sanitize.ts';

/** Markup that is safe to put into a page. Only {@link html} and {@link trusted} make it. */
export interface Html {
  readonly markup: string;
}

type Piece = Html | string | number | null | readonly Piece[];

/**
 * Builds markup from a template. Texts and numbers are escaped, markup and lists of it are put in as they are, null is nothing.
 * An attribute's value must stand in double quotes.
 */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  let markup = strings[0] ?? '';
  for (const [index, piece] of pieces.entries()) markup += `${markupOf(piece)}${strings[index + 1] ?? ''}`;
  return { markup };
}

/** Markup that is made here, not of anything that was read: styles, scripts, shapes of a picture. */
export function trusted(markup: string): Html {
  return { markup };
}

/** A text of any origin, of which a browser shows every character that could hide or reorder others as `\u202e`. */
export function escapeHtml(text: string): string {
  return PLAIN.test(text) ? text : escaped(text);
}

/** Most texts hold nothing to escape, and a page has very many. */
const PLAIN = /^[\n\t !#-%(-;=?-~]*$/;

function escaped(text: string): string {
  return shown(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Line ends and tabs are harmless in a page. */
function shown(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, (character) => (/[\n\t]/.test(character) ? character : codeOf(character)));
}

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

function markupOf(piece: Piece): string {
  if (piece === null) return '';
  if (typeof piece === 'string') return escapeHtml(piece);
  if (typeof piece === 'number') return String(piece);
  if ('markup' in piece) return piece.markup;
  return piece.map((one) => markupOf(one)).join('');
}
