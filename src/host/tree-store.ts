import type { Reading } from './reading.ts';
import type { FileKind } from './source.ts';

/** One thing of a stored tree. Symbolic links are not followed. */
export interface TreeEntry {
  readonly kind: FileKind | 'link';
  readonly size: number;
  /** Permission bits only. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
  /** The target of a link, as written in it. */
  readonly target?: string;
}

/**
 * Files in a folder or an archive, by their path from its top (`/sys/class`). Nothing here follows a symbolic link, so no
 * path leads out of it. A path with `.`, `..` or empty parts is not there.
 */
export interface TreeStore {
  /** What the user named, for messages. */
  readonly name: string;
  entry(path: string): TreeEntry | undefined;
  /** Sorted; undefined when this is no folder. */
  names(path: string): readonly string[] | undefined;
  bytes(path: string, limit: number): Reading<Uint8Array>;
}

/** Is this an absolute path whose text alone says where it leads? */
export function isPlainPath(path: string): boolean {
  return path.startsWith('/') && !path.includes('\0') && !/\/\.{0,2}(?:\/|$)/.test(path);
}

/** The folder of a path: `/a/b` → `/a`, `/a` → ``. With the base name it makes the path again. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** `/a/b` → `b` */
export function baseNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
