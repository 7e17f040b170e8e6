import * as fs from 'node:fs';
import { join, resolve } from 'node:path';

import { UsageError } from '../usage-error.ts';
import { DEFAULT_CONFIG } from './defaults.ts';
import type { Config } from './schema.ts';

/** The name that is looked for. */
export const CONFIG_FILE = 'passcheck.yaml';
const SIZE_LIMIT = 1024 * 1024;

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
  const text = readText(found.path, found.name);
  // The YAML parser costs more to load than everything that preflight reads: only those who have a file pay for it.
  const { parseConfig } = await import('./parse.ts');
  const parsed = parseConfig(text, search.checkIds);
  if (parsed.ok) return { config: parsed.config, path: found.path };
  throw new UsageError(parsed.problems.map(({ line, column, message }) => `${found.name}:${line}:${column}: ${message}`).join('\n'));
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

function readText(path: string, name: string): string {
  const bytes = readBytes(path, name);
  if (bytes.length > SIZE_LIMIT) throw new UsageError(`${name} is larger than 1 MiB: that is no configuration of passcheck`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UsageError(`${name} is no UTF-8 text`, { cause: error });
  }
}

/** At most one byte more than the limit, also from a pipe (`--config <(…)`) or an endless device. */
function readBytes(path: string, name: string): Uint8Array {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(path, 'r');
    const chunks: Uint8Array[] = [];
    for (let total = 0; total <= SIZE_LIMIT;) {
      const chunk = Buffer.allocUnsafe(SIZE_LIMIT + 1 - total);
      const count = fs.readSync(descriptor, chunk);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      total += count;
    }
    return Buffer.concat(chunks);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`could not read ${name}: ${REASONS[code] ?? code}`, { cause: error });
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};
