import type { FileCommands } from './file-commands.ts';

const PREPARE = `p=$1
if [ -L "$p" ]; then p=$(readlink -f "$p") || { echo "$1 is a link to nowhere" >&2; exit 1; }; fi
[ ! -d "$p" ] || { echo "$1 is a folder: end it with / to copy into it" >&2; exit 1; }
umask 077; set -C
: >"$p.$2.draft" || exit 1
printf %s "$p"`;

/** Coreutils and busybox have sha256sum, BSD has sha256. */
const DIGEST = `sum() { if command -v sha256sum >/dev/null; then sha256sum; elif command -v sha256 >/dev/null; then sha256; else openssl dgst -sha256 -r; fi; }
`;

const PLACE = `${DIGEST}s=$(sum <"$1") || exit 1
[ "\${s%% *}" = "$3" ] || { echo 'its checksum is not that of the file here: it was damaged on the way' >&2; exit 1; }
if [ -e "$2" ]; then
  m=$(stat -c %a "$2" 2>/dev/null || stat -f %Lp "$2") && { chown "$(stat -c %u:%g "$2" 2>/dev/null || stat -f %u:%g "$2")" "$1" 2>/dev/null || :; } && chmod "$m" "$1"

else chmod "$4" "$1"; fi || exit 1
mv -f "$1" "$2"`;

/** Files of /proc say 0, those of /sys 4096, whatever is in them: these count as unsized, which is 0. */
const SIZE = `[ -e "$1" ] || { echo 'there is no such file' >&2; exit 1; }
[ -f "$1" ] || { echo 'it is no file' >&2; exit 1; }
s=$(stat -L -c %s "$1" 2>/dev/null || stat -L -f %z "$1") || exit 1
case $((s % 4096)) in 0) [ $(($(wc -c <"$1"))) = "$s" ] || s=0 ;; esac
echo "$s"`;

const MAKE_FOLDER = `umask 077; d=/tmp/passcheck-$1; mkdir "$d" && printf %s "$d"`;

/** A shell of POSIX, coreutils or busybox. */
export const posixFiles: FileCommands = {
  prepare: (path, token) => sh(PREPARE, path, token),
  // As scp does, but nobody else may write to it.
  place: (draft, place, sha256, mode) => sh(PLACE, draft, place, sha256, (mode & 0o755).toString(8)),
  discard: (draft) => sh('rm -f "$1"', draft),
  size: (path) => sh(SIZE, path),
  digest: (path, bytes) => sh(`${DIGEST}head -c "$2" <"$1" | sum`, path, String(bytes)),
  makeFolder: (token) => sh(MAKE_FOLDER, token),
  removeFolder: (folder) => sh('rm -rf "$1"', folder),
};

function sh(script: string, ...words: string[]): string[] {
  return ['/bin/sh', '-c', script, 'passcheck', ...words];
}
