import * as fs from 'node:fs';
import { join, resolve } from 'node:path';

import { UsageError } from '../usage-error.ts';
import { DEFAULT_CONFIG } from './defaults.ts';
import { problemLines } from './problem-lines.ts';
import type { Config } from './schema.ts';
import { readSmallText } from './small-text.ts';

/** The name that is looked for. */
export const CONFIG_FILE = 'passcheck.yaml';

/** Where to look for the configuration. */
export interface ConfigSearch {
  /** `--config FILE`: this file and no other; it has to exist. */
  readonly file?: string | undefined;
  /** The working directory; relative names in messages are relative to it. */
  readonly folder: string;
  /** `XDG_CONFIG_HOME` and `HOME` are looked at. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The ids that may stand under `severity`. */
  readonly checkIds: readonly string[];
}

/** The configuration in force, and the file that it comes from; null when there is none. */
export interface LoadedConfig {
  readonly config: Config;
  readonly path: string | null;
}

/**
 * Loads `--config FILE`, else `passcheck.yaml` of the working directory, else the one of
 * `$XDG_CONFIG_HOME/passcheck`. Throws a {@link UsageError} with one line, `FILE:LINE:COLUMN: …`, for each problem.
 */
export async function loadConfig(search: ConfigSearch): Promise<LoadedConfig> {
  const found = search.file === undefined ? findFile(search) : { path: resolve(search.folder, search.file), name: search.file };
  if (found === undefined) return { config: DEFAULT_CONFIG, path: null };
  const text = readSmallText(found.path, found.name, 'configuration');
  // The YAML parser costs more to load than everything that preflight reads: only those who have a file pay for it.
  const { parseConfig } = await import('./parse.ts');
  const parsed = parseConfig(text, search.checkIds);
  if (parsed.ok) return { config: parsed.config, path: found.path };
  throw new UsageError(problemLines(found.name, parsed));
}

function findFile({ folder, environment }: ConfigSearch): { path: string; name: string } | undefined {
  const own = environment['XDG_CONFIG_HOME'];
  const home = environment['HOME'];
  const base = own?.startsWith('/') === true ? own : home?.startsWith('/') === true && join(home, '.config');
  const shared = typeof base === 'string' ? join(base, 'passcheck', CONFIG_FILE) : undefined;
  const candidates = [
    { path: join(folder, CONFIG_FILE), name: CONFIG_FILE },
    ...(shared === undefined ? [] : [{ path: shared, name: shared }]),
  ];
  return candidates.find(({ path }) => isThere(path));
}

/** A file that is there and cannot be read has to be an error, so only "not there" and a closed folder are passed over. */
function isThere(path: string): boolean {
  try {
    return fs.statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
