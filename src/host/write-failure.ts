const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk',
  EFBIG: 'the file would be larger than this process may write',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of its path is no folder',
};

/** Why a file could not be written, in words; the code of the system where there are none. */
export function writeFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return REASONS[code] ?? code;
}
