import type { Check } from '../engine/check.ts';
import { UsageError } from '../usage-error.ts';
import { suggestion } from './suggestion.ts';

/** Which checks run, and which the user left out. */
export interface Selection {
  readonly run: readonly Check[];
  readonly skipped: readonly Check[];
}

/** Applies `--only` and `--skip`. A pattern that means no check is a `UsageError`: a typing error must not give a GO. */
export function selectChecks(checks: readonly Check[], only: readonly string[], skip: readonly string[]): Selection {
  const wanted = only.length === 0 ? new Set(checks) : matching(checks, only, '--only');
  const unwanted = matching(checks, skip, '--skip');
  const run = checks.filter((check) => wanted.has(check) && !unwanted.has(check));
  if (run.length === 0) throw new UsageError('--only and --skip leave no check to run');
  return { run, skipped: checks.filter((check) => wanted.has(check) && unwanted.has(check)) };
}

function matching(checks: readonly Check[], patterns: readonly string[], option: string): Set<Check> {
  return new Set(
    patterns.flatMap((pattern) => {
      const matcher = idMatcher(pattern);
      const found = checks.filter(({ id }) => matcher(id));
      if (found.length === 0)
        throw new UsageError(
          `${option} ${pattern}: no check has this id${suggestion(
            pattern,
            checks.map((check) => check.id),
          )}`,
        );
      return found;
    }),
  );
}

/**
 * `*` stands for anything within one part of an id, `**` for anything; a folder (`preflight/iommu`) means all in it; the
 * suite's name can be left out (`iommu/enabled`).
 */
function idMatcher(pattern: string): (id: string) => boolean {
  const source = pattern
    .replace(/\/+$/, '')
    .split(/(\*\*|\*|\?)/)
    .map((part) => WILDCARDS[part] ?? part.replaceAll(/[^\w/-]/g, '\\$&'))
    .join('');
  const expression = new RegExp(`^(?:${source})(?:/.*)?$`);
  return (id) => expression.test(id) || expression.test(id.slice(id.indexOf('/') + 1));
}

const WILDCARDS: Readonly<Record<string, string>> = { '**': '.*', '*': '[^/]*', '?': '[^/]' };
