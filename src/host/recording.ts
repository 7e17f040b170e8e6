import type { Reading } from './reading.ts';
import type { CommandResult, FileStat, FileSystemSpace } from './source.ts';

/** A part of a file that was read. */
export interface RecordedRange {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  readonly reading: Reading<Uint8Array>;
}

/** A command that was asked for. */
export interface RecordedCommand {
  readonly argv: readonly string[];
  readonly reading: Reading<CommandResult>;
}

/** Everything that a host was asked, with its answers, the negative ones included. Paths are as they were asked for. */
export interface Recording {
  readonly files: ReadonlyMap<string, Reading<Uint8Array>>;
  readonly ranges: readonly RecordedRange[];
  readonly lists: ReadonlyMap<string, Reading<readonly string[]>>;
  readonly links: ReadonlyMap<string, Reading<string>>;
  readonly reals: ReadonlyMap<string, Reading<string>>;
  readonly stats: ReadonlyMap<string, Reading<FileStat>>;
  readonly space: ReadonlyMap<string, Reading<FileSystemSpace>>;
  readonly writable: ReadonlyMap<string, Reading<boolean>>;
  readonly environment: ReadonlyMap<string, Reading<string>>;
  readonly commands: readonly RecordedCommand[];
}

/** The questions about a path that have one answer without further arguments, by the name that a snapshot gives them. */
export const QUESTIONS = ['files', 'lists', 'links', 'reals', 'stats', 'space', 'writable'] as const;

export type Question = (typeof QUESTIONS)[number];
