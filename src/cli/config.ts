import { type Config, configSchema, DEFAULT_CONFIG } from '../config/schema.ts';
import type { Check } from '../engine/check.ts';
import { UsageError } from '../usage-error.ts';
import { suggestion } from './suggestion.ts';

/** Where the configuration comes from. */
export interface ConfigRequest {
  /** `--config`. */
  readonly path: string | undefined;
  /** `--from`: the passcheck.yaml of this folder is about this machine, not about a recorded one. */
  readonly isRecorded: boolean;
  readonly recordedConfig: unknown;
}

/** The file of `--config`; else what was recorded with the host; else, for this machine, the `passcheck.yaml` of this folder. */
export async function userConfig(request: ConfigRequest, checks: readonly Check[]): Promise<Config> {
  const config = await findConfig(request);
  const ids = checks.map(({ id }) => id);
  const unknown = Object.keys(config.severity).find((id) => !ids.includes(id));
  if (unknown !== undefined) throw new UsageError(`severity: no check has the id ${unknown}${suggestion(unknown, ids)}`);
  return config;
}

async function findConfig({ path, isRecorded, recordedConfig }: ConfigRequest): Promise<Config> {
  if (path === undefined && isRecorded) return recordedConfig === null ? DEFAULT_CONFIG : parseRecorded(recordedConfig);
  return DEFAULT_CONFIG;
}

function parseRecorded(recordedConfig: unknown): Config {
  const parsed = configSchema.safeParse(recordedConfig);
  if (parsed.success) return parsed.data;
  throw new UsageError('the configuration in the snapshot does not fit this passcheck: give one with --config');
}
