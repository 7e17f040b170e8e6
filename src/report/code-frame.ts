import type { Result } from './model.ts';
import { oneLine } from './sanitize.ts';
import { textWidth } from './wrap.ts';

type Location = NonNullable<Result['location']>;
type Evidence = Result['evidence'][number];

/**
 * The line of a definition with a mark below what is meant, in at most `columns` columns: `41 │ <vcpupin …/>`. Empty when the
 * report has no line.
 */
export function codeFrame({ line, excerpt }: Location, columns: number): string[] {
  if (excerpt === undefined) return [];
  const indent = /^\s*/.exec(excerpt.text.slice(0, excerpt.column - 1))?.[0].length ?? 0;
  const number = `${line} │ `;
  const room = Math.max(20, columns - number.length);
  const [before, marked, after] = [
    oneLine(excerpt.text.slice(indent, excerpt.column - 1)),
    oneLine(excerpt.text.slice(excerpt.column - 1, excerpt.column - 1 + excerpt.length)),
    oneLine(excerpt.text.slice(excerpt.column - 1 + excerpt.length)),
  ];
  // What is meant stays in sight, however long the line is.
  const ellipses = after === '' ? 1 : 2;
  const isCut = before.length + marked.length + after.length > room;
  const skipped = isCut ? Math.max(0, Math.min(before.length, before.length + marked.length - room + ellipses)) : 0;
  const text = cut(`${skipped > 0 ? '…' : ''}${before.slice(skipped)}${marked}${after}`, room);
  const start = textWidth(before.slice(skipped)) + (skipped > 0 ? 1 : 0);
  const length = Math.max(1, Math.min(textWidth(marked), room - start));
  return [number + text, `${' '.repeat(number.length - 2)}│ ${' '.repeat(start)}${'^'.repeat(length)}`];
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

/** The line of a definition without its indent, in three parts: before, what is meant, after. */
export function excerptParts({ text, column, length }: NonNullable<Location['excerpt']>): readonly [string, string, string] {
  const start = Math.max(0, column - 1);
  const end = start + Math.max(0, length);
  return [text.slice(0, start).trimStart(), text.slice(start, end), text.slice(end)];
}

/** The evidence beside the code frame, which shows the first of it already, and what should stand in the frame instead. */
export function besideFrame({ evidence, location }: Result): { readonly expected: string | null; readonly evidence: readonly Evidence[] } {
  const [first, ...others] = evidence;
  const isShown = location?.excerpt !== undefined && first?.source === `${location.file}:${location.line}`;
  return isShown ? { expected: first.expected ?? null, evidence: others } : { expected: null, evidence };
}
