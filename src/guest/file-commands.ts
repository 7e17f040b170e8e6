import type { GuestSystem } from './channel.ts';
import { posixFiles } from './posix-files.ts';
import { windowsFiles } from './windows-files.ts';

/**
 * Programs that a guest runs around the transfer of a file. Each exits with 0, or says on standard error what is wrong. Paths are
 * absolute.
 */
export interface FileCommands {
  /**
   * Makes an empty draft beside the place of a file, for its owner alone, and prints where that place is when it goes by a link (nothing:
   * where it was said to be). Refuses a folder. The draft is {@link draftOf} that place.
   */
  prepare(path: string, token: string): string[];
  /** Compares the checksum of the draft and renames it; an old file's mode and owner are kept, a new one gets `mode`. */
  place(draft: string, place: string, sha256: string, mode: number): string[];
  discard(draft: string): string[];
  /** Prints the size of a file in bytes, 0 when that is known only by reading it; refuses what is no file. */
  size(path: string): string[];
  /** Prints the SHA-256 of the first bytes of a file, in hexadecimal. */
  digest(path: string, bytes: number): string[];
  /** Makes a folder that only the caller can use, below the one for temporary files, and prints its path. */
  makeFolder(token: string): string[];
  removeFolder(folder: string): string[];
}

/** How files are handled in a guest of that kind. */
export function fileCommands(kind: GuestSystem['kind']): FileCommands {
  return kind === 'windows' ? windowsFiles : posixFiles;
}

/** Where a file is written before it gets to its place. */
export function draftOf(place: string, token: string): string {
  return `${place}.${token}.draft`;
}
