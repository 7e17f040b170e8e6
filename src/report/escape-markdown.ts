import { manyLines, oneLine } from './sanitize.ts';

/** Text that Markdown (with GitHub's tables) shows as it is, in one line: no link, no HTML, no emphasis, no table cell. */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      .replaceAll(/[\\`*_{}[\]<>|~#]/g, '\\$&')
      .replaceAll('&', '&amp;')
      .replace(/^([-+=])/, '\\$1')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
      // GitHub turns these into links and mentions without any mark.
      .replaceAll(/(https?|ftp|mailto|xmpp):/gi, '$1&#58;')
      .replaceAll(/www\./gi, 'www&#46;')
      .replaceAll('@', '&#64;')
  );
}

/** Text as code within a line, whatever backticks it holds. Within a table a bar still has to be escaped. */
export function inlineCode(text: string): string {
  const plain = oneLine(text).replaceAll('|', '\\|');
  if (plain.trim() === '') return '';
  const fence = '`'.repeat(longestRun(plain) + 1);
  return plain.includes('`') ? `${fence} ${plain} ${fence}` : `${fence}${plain}${fence}`;
}

/** Lines of code, behind a fence that they cannot close. */
export function codeBlock(text: string, indent = ''): string[] {
  const plain = manyLines(text);
  const fence = '`'.repeat(Math.max(3, longestRun(plain) + 1));
  return [fence, ...plain.split('\n'), fence].map((line) => indent + line);
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
