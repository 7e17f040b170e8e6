import { statSync } from 'node:fs';

import { problemLines } from '../config/problem-lines.ts';
import { readSmallText } from '../config/small-text.ts';
import { nearest } from '../nearest.ts';
import { UsageError } from '../usage-error.ts';
import type { Phase } from './model.ts';
import { parsePhase } from './parse-phase.ts';

/** What there is to choose from. */
export interface PhaseSearch {
  /** The texts of the phases that come with passcheck, by name. */
  readonly builtIn: Readonly<Record<string, string>>;
  /** The checks that a criterion can name. */
  readonly checkIds: readonly string[];
}

const LOOKS_LIKE_A_PHASE = /^(?:id|title|source|criteria)[ \t]*:/m;

/**
 * A phase by its name, or of a file: what has a slash or ends in .yaml or .yml is a path. Throws a {@link UsageError} with one line,
 * `FILE:LINE:COLUMN: …`, for each problem.
 */
export function loadPhase(nameOrPath: string, { builtIn, checkIds }: PhaseSearch): Phase {
  const isPath = /\/|\.ya?ml$/i.test(nameOrPath);
  const text = isPath ? readSmallText(nameOrPath, nameOrPath, 'phase') : ownText(nameOrPath, builtIn);
  const name = isPath ? nameOrPath : `${nameOrPath}.yaml`;
  const parsed = parsePhase(text, checkIds);
  if (parsed.ok) return parsed.value;
  if (isPath && !LOOKS_LIKE_A_PHASE.test(text))
    throw new UsageError(`${name} is no phase: it has none of the keys id, title, source and criteria (docs/phases.md)`);
  throw new UsageError(problemLines(name, parsed));
}

function ownText(name: string, builtIn: Readonly<Record<string, string>>): string {
  const text = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined;
  if (text !== undefined) return text;
  const there = statSync(name, { throwIfNoEntry: false });
  if (there?.isDirectory() === true) throw new UsageError(`${name} is a folder: --phase names a phase, or a file`);
  const names = Object.keys(builtIn);
  const meant = nearest(name, names);
  const hint =
    there === undefined
      ? `${meant === undefined ? '' : `did you mean ${meant}? `}there are ${names.join(', ')}, or a file: phase.yaml`
      : `for the file of that name: ./${name}`;
  throw new UsageError(`there is no phase ${JSON.stringify(name.slice(0, 120))} (${hint})`);
}
