import { mapReading, type Reading } from '../host/reading.ts';
import type { CommandResult, HostSource, RunOptions } from '../host/source.ts';
import { readingError } from './fact-error.ts';

const decoder = new TextDecoder();

/** Text of a file; bytes that are no UTF-8 become U+FFFD. */
export function readText(host: HostSource, path: string, limit?: number): Reading<string> {
  return mapReading(host.read(path, limit), (bytes) => decoder.decode(bytes));
}

/** One-line attribute as /sys has them, without the line end. A file longer than 4 KiB is no attribute. */
export function readAttribute(host: HostSource, path: string): Reading<string> {
  return mapReading(readText(host, path, 4096), (text) => text.trim());
}

/** The value of a reading, `null` when it is absent; throws a `FactError` when it could not be looked at. */
export function optional<T>(source: string, reading: Reading<T>, hint?: string): T | null {
  if (reading.state === 'ok') return reading.value;
  if (reading.state === 'absent') return null;
  throw readingError(source, reading, hint);
}

/** The value of a reading; throws a `FactError` when it is absent or could not be looked at. */
export function required<T>(source: string, reading: Reading<T>, hint?: string): T {
  if (reading.state === 'ok') return reading.value;
  throw readingError(source, reading, hint);
}

/** The value of a reading, `null` when there is none for whatever reason. Only for fields that decide nothing. */
export function valueOrNull<T>(reading: Reading<T>): T | null {
  return reading.state === 'ok' ? reading.value : null;
}

/** {@link optional} for the text of a file. */
export function optionalText(host: HostSource, path: string): string | null {
  return optional(path, readText(host, path));
}

/** {@link required} for the text of a file. */
export function requiredText(host: HostSource, path: string, hint?: string): string {
  return required(path, readText(host, path), hint);
}

/** A command's result; throws a `FactError` that names the argv when it could not be run. */
export async function requiredCommand(
  host: HostSource,
  argv: readonly string[],
  options: RunOptions & { hint?: string } = {},
): Promise<CommandResult> {
  return required(argv.join(' '), await host.run(argv, options), options.hint);
}

/** The names in a folder; none when there is no such folder. Throws a `FactError` when it could not be looked at. */
export function optionalList(host: HostSource, path: string): readonly string[] {
  return optional(path, host.list(path)) ?? [];
}
