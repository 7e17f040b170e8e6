import { loadConfig } from '../config/load.ts';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import type { Config } from '../config/schema.ts';
import { checkIds } from '../../suites/check-ids.ts';
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

/** The file of `--config`; else what was recorded with the host; else, for this machine, the `passcheck.yaml` that is in force here. */
export async function userConfig({ path, isRecorded, recordedConfig }: ConfigRequest): Promise<Config> {
  if (path === undefined && isRecorded) return recordedConfig === null ? DEFAULT_CONFIG : parseRecorded(recordedConfig);
  const { config } = await loadConfig({ file: path, folder: process.cwd(), environment: process.env, checkIds });
  return config;
}

async function parseRecorded(recordedConfig: unknown): Promise<Config> {
  const { configSchema } = await import('../config/schema.ts');
  const parsed = configSchema.safeParse(recordedConfig);
  if (!parsed.success) throw new UsageError('the configuration in the snapshot does not fit this passcheck: give one with --config');
  const unknown = Object.keys(parsed.data.severity).find((id) => !checkIds.includes(id));
  if (unknown === undefined) return parsed.data;
  throw new UsageError(`the configuration in the snapshot names a check that is not there: ${unknown}${suggestion(unknown, checkIds)}`);
}
