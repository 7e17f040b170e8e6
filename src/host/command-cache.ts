import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { runCommand } from './command.ts';
import { ok, type Reading } from './reading.ts';
import type { CommandResult, RunOptions } from './source.ts';

/**
 * Runs a command, or answers from the cache when `cachedBy` names files that have not changed since. Only successful
 * results are kept. A cache that cannot be read or written costs time, never a result.
 */
export async function cachedRun(argv: readonly string[], options: RunOptions): Promise<Reading<CommandResult>> {
  if (options.cachedBy === undefined) return runCommand(argv, options);
  const entry = cacheEntry(argv, options.cachedBy);
  const cached = entry === undefined ? undefined : readEntry(entry);
  if (cached !== undefined) return ok(cached);
  const result = await runCommand(argv, options);
  if (entry !== undefined && result.state === 'ok' && result.value.exitCode === 0) writeEntry(entry, result.value);
  return result;
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'passcheck', 'commands');
}

function cacheEntry(argv: readonly string[], files: readonly string[]): string | undefined {
  try {
    const marks = files.map((file) => {
      const { size, mtimeMs, ino } = fs.statSync(file);
      return [file, size, mtimeMs, ino];
    });
    const key = createHash('sha256')
      .update(JSON.stringify([argv, marks]))
      .digest('hex');
    return join(cacheFolder(), `${key.slice(0, 32)}.json`);
  } catch {
    return undefined;
  }
}

function readEntry(path: string): CommandResult | undefined {
  try {
    const entry: unknown = JSON.parse(fs.readFileSync(path, 'utf8'));
    return isCommandResult(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Written beside and renamed, so that a killed run never leaves half an entry. */
function writeEntry(path: string, result: CommandResult): void {
  const draft = `${path}.${process.pid}`;
  try {
    fs.mkdirSync(cacheFolder(), { recursive: true, mode: 0o700 });
    fs.writeFileSync(draft, JSON.stringify(result), { mode: 0o600 });
    fs.renameSync(draft, path);
  } catch {
    discard(draft);
  }
}

function discard(draft: string): void {
  try {
    fs.rmSync(draft, { force: true });
  } catch {
    // The folder is not ours: then there is no draft either.
  }
}

function isCommandResult(entry: unknown): entry is CommandResult {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'exitCode' in entry &&
    entry.exitCode === 0 &&
    'stdout' in entry &&
    typeof entry.stdout === 'string' &&
    'stderr' in entry &&
    typeof entry.stderr === 'string'
  );
}
