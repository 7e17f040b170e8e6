import { problemLines } from '../../config/problem-lines.ts';
import { readSmallText } from '../../config/small-text.ts';
import { UsageError } from '../../usage-error.ts';
import type { Spec } from './model.ts';
import { parseSpec } from './parse.ts';

/** Some thousand VMs. */
const LIMIT_MIB = 4;

/** A spec that can be planned, the text that it was read from, and how messages name it. */
export interface LoadedSpec {
  readonly spec: Spec;
  readonly text: string;
  readonly name: string;
}

/**
 * Reads a spec from a file, or for `-` from standard input. Throws a {@link UsageError} with one line, `FILE:LINE:COLUMN: …`, for each
 * problem, or one for a file that is no spec at all.
 */
export function loadSpec(path: string): LoadedSpec {
  const name = path === '-' ? '<stdin>' : path;
  const text = readSmallText(path === '-' ? 0 : path, name, 'spec', LIMIT_MIB);
  const other = otherThing(text);
  if (other !== null) throw new UsageError(`${name} ${other}`);
  const parsed = parseSpec(text);
  if (!parsed.ok) throw new UsageError(problemLines(name, parsed));
  return { spec: parsed.value, text, name };
}

/** What the text is in place of a spec, where that is plain. */
function otherThing(text: string): string | null {
  if (text.trim() === '') return 'is empty: passcheck init homelab prints a spec to begin with';
  if (text.includes('\0')) return 'is no text: a spec is a YAML file, and passcheck init homelab prints one';
  return /^\s*</.test(text)
    ? 'is XML: a spec is a YAML file, and passcheck init homelab prints one; passcheck lint judges definitions'
    : null;
}
