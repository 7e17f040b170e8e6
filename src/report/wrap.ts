/** Characters that take two columns: East Asian wide and fullwidth forms and emoji, by block. https://unicode.org/reports/tr11/ */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /\p{Mark}/u;
/** What most text is made of: one column for each character. */
const PLAIN = /^[\u0020-\u024f\u2010-\u2bff]*$/;

/** How many columns of a terminal a text without control characters takes. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Breaks a text at its blanks into lines of at most `columns`. A longer word (a path, a command) stays whole on its own line. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const wordWidth = textWidth(word);
    if (width > 0 && width + 1 + wordWidth > columns) {
      lines.push(line);
      line = word;
      width = wordWidth;
    } else {
      line = width === 0 ? word : `${line} ${word}`;
      width += wordWidth + (width === 0 ? 0 : 1);
    }
  }
  return width === 0 ? lines : [...lines, line];
}

/** {@link wrap} behind a first prefix ("1. ") and, below it, blanks of the same width. */
export function hang(prefix: string, text: string, columns: number): string[] {
  const indent = textWidth(prefix);
  return wrap(text, Math.max(20, columns - indent)).map((line, index) => (index === 0 ? prefix : ' '.repeat(indent)) + line);
}

/** {@link hang} for parts between ` · `, of which each stays on one line where it can. */
export function hangParts(prefix: string, parts: readonly string[], columns: number): string[] {
  const room = Math.max(20, columns - textWidth(prefix));
  const lines: string[] = [];
  for (const part of parts) {
    const joined = `${lines.at(-1) ?? ''} · ${part}`;
    if (lines.length > 0 && textWidth(joined) <= room) lines.splice(-1, 1, joined);
    else lines.push(...wrap(part, room));
  }
  return lines.map((line, index) => (index === 0 ? prefix : ' '.repeat(textWidth(prefix))) + line);
}

/** A text of at most `limit` characters; what is left out is counted. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, '')} … (${text.length - limit} more characters)`;
}
