import { UsageError } from '../usage-error.ts';

/** A list can be given as `--only a --only b` or `--only a,b`. */
export function collectPatterns(value: string, before: readonly string[] = []): readonly string[] {
  const parts = value.split(',').filter((part) => part.trim() !== '');
  if (parts.length === 0) throw new UsageError('--only and --skip want the id of a check, a room or a glob, and got nothing');
  return [...before, ...parts];
}
