import type { ParsedText } from './yaml-text.ts';

/** `FILE:LINE:COLUMN: …` for each problem of a file, and how many others there are. */
export function problemLines(name: string, { problems, more }: Extract<ParsedText<unknown>, { ok: false }>): string {
  const lines = problems.map(({ line, column, message }) => `${name}:${line}:${column}: ${message}`);
  return [...lines, ...(more === 0 ? [] : [`${name}: and ${more} more`])].join('\n');
}
