import { oneLine } from './sanitize.ts';
import { textWidth } from './wrap.ts';

/** A text of any origin in one line of at most so many columns; an ellipsis stands for what did not fit. */
export function fit(text: string, columns: number): string {
  // Enough for any text that fits, unless most of it takes no width.
  const line = oneLine(text.slice(0, columns * 4).replace(/[\ud800-\udbff]$/, ''));
  if (textWidth(line) <= columns && text.length <= columns * 4) return line;
  let width = 0;
  let kept = '';
  for (const character of line) {
    width += textWidth(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}
