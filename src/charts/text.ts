import { oneLine } from '../report/sanitize.ts';
import { textWidth, wrap } from '../report/wrap.ts';

/** A text of any origin as one line of a picture: nothing in it can reorder or hide, and it ends where room does. */
export function label(text: string, width: number): string {
  // Cut first, so that a text of megabytes is cheap.
  return cut(oneLine(text.slice(0, 8 * width)).trim(), width);
}

/** The same on up to two lines, for names beside an axis. */
export function twoLines(text: string, width: number): string[] {
  const [first = '', ...rest] = wrap(label(text, 2 * width), width);
  return rest.length === 0 ? [cut(first, width)] : [cut(first, width), cut(rest.join(' '), width)];
}

function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  let taken = 0;
  for (const character of text) {
    taken += textWidth(character);
    if (taken >= width) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}
