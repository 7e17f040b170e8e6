/**
 * Everything that a terminal, an editor or a log viewer could take as an instruction: C0 and C1 control characters,
 * line and paragraph separators, the bidirectional overrides and isolates that reorder what a person reads
 * (CVE-2021-42574), and characters without any width that hide text (zero-width, tags, byte order mark). The separators
 * of scripts that need them (ZWNJ, ZWJ) go too: names of a host's parts do not use them.
 */
export const CONTROL_CHARACTERS =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}|[\u{e0000}-\u{e007f}]/gu;

/** Text that is safe in one line: tabs and line ends become blanks, what else could harm is shown as `\x1b`, `\u202e`. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*|\t/g, ' ').replaceAll(CONTROL_CHARACTERS, visible);
}

/** {@link oneLine} for text that may have lines of its own. */
export function manyLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => oneLine(line))
    .join('\n');
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}
