import type { Reading } from './reading.ts';

/** What kind of thing a path is after its symbolic links were followed. */
export type FileKind = 'file' | 'directory' | 'character-device' | 'block-device' | 'socket' | 'fifo';

/** The part of stat(2) that checks judge. */
export interface FileStat {
  readonly kind: FileKind;
  /** Bytes; 4096 or 0 for most files of /sys and /proc. */
  readonly size: number;
  /** Permission bits only (`0o660`). */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since 1970, whole. */
  readonly mtimeMs: number;
}

/** The part of statfs(2) that checks judge. */
export interface FileSystemSpace {
  readonly totalBytes: number;
  /** What an ordinary user may still write. */
  readonly availableBytes: number;
}

/** How a command ended. A non-zero exit code is data, not an error. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link HostSource.run}. */
export interface RunOptions {
  /** Milliseconds until the command is killed; 5,000 unless told. */
  readonly timeoutMs?: number;
  /**
   * Files whose size and time decide the result: while they are unchanged, a live host may answer from its cache.
   * For slow commands only (listing an initramfs takes seconds).
   */
  readonly cachedBy?: readonly string[];
  /** Neither Ctrl-C on the terminal nor the end of this process ends it: for what must not be cut off in the middle. */
  readonly outlives?: boolean;
}

/**
 * A machine that can be looked at: live, recorded or in memory. Every answer is a {@link Reading}; nothing here throws,
 * parses or judges. Paths are absolute and are those of the host that is judged.
 */
export interface HostSource {
  /** `none`: there is no host; see `noHost`. */
  readonly kind: 'live' | 'snapshot' | 'tree' | 'memory' | 'none';
  /** The bytes of a file, at most `limit` (1 MiB unless told): a larger file is unreadable, `too-large`. */
  read(path: string, limit?: number): Reading<Uint8Array>;
  /**
   * Up to `length` bytes of a regular file from `offset` on: fewer (or none) where the file ends. For the few bytes that
   * tell what a file of gigabytes is. `length` is at most {@link RANGE_READ_LIMIT}.
   */
  readRange(path: string, offset: number, length: number): Reading<Uint8Array>;
  /** The names in a directory, sorted by code unit. */
  list(path: string): Reading<readonly string[]>;
  /** The target of a symbolic link, as written in it. */
  link(path: string): Reading<string>;
  /** The path after every symbolic link was followed. */
  real(path: string): Reading<string>;
  stat(path: string): Reading<FileStat>;
  /** The space of the file system that holds `path`. */
  space(path: string): Reading<FileSystemSpace>;
  /** May the calling user read and write this (access(2), so with ACLs)? */
  writable(path: string): Reading<boolean>;
  /** An environment variable of the caller. Only for those that say who calls: `SUDO_USER`, `HOME`, `XDG_*`, `PATH`. */
  environment(name: string): Reading<string>;
  /**
   * Runs a command without a shell, with `LC_ALL=C`, no standard input and a time-out. `absent`: no such command;
   * `unreadable`: it hung, was killed, printed more than 16 MiB, or must not be run.
   */
  run(argv: readonly string[], options?: RunOptions): Promise<Reading<CommandResult>>;
}

export const DEFAULT_READ_LIMIT = 1024 * 1024;
export const RANGE_READ_LIMIT = 64 * 1024;
export const DEFAULT_COMMAND_TIMEOUT_MS = 5_000;
export const COMMAND_OUTPUT_LIMIT = 16 * 1024 * 1024;
