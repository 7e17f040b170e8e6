import type { FileCommands } from './file-commands.ts';

/** `p` becomes the place of the file `$1`, which may be behind a link. */
const RESOLVE = `p=$1
if [ -L "$p" ]; then p=$(readlink -f "$p") || { echo "$1 is a link to nowhere" >&2; exit 1; }; fi
[ ! -d "$p" ] || { echo "$1 is a folder: end it with / to copy into it" >&2; exit 1; }
`;

/** The draft `d` of the place `p` with the token `$2`; whoever made a file or a link of that name before is refused. */
const MAKE_DRAFT = `d=$p.$2.draft
(umask 077; set -C; : >"$d") || exit 1
`;

/** Coreutils and busybox have sha256sum, BSD has sha256. */
const DIGEST = `sum() { if command -v sha256sum >/dev/null; then sha256sum; elif command -v sha256 >/dev/null; then sha256; else openssl dgst -sha256 -r; fi; }
`;

/** The draft `d` gets to its place `p` when its checksum is `$3`: with mode and owner of what was there, else with the mode `$4`. */
const PLACE = `${DIGEST}s=$(sum <"$d") || exit 1
[ "\${s%% *}" = "$3" ] || { echo 'its checksum is not that of the file here: it was damaged on the way' >&2; exit 1; }
if [ -e "$p" ]
then
  m=$(stat -c %a "$p" 2>/dev/null || stat -f %Lp "$p") || exit 1
  chown "$(stat -c %u:%g "$p" 2>/dev/null || stat -f %u:%g "$p")" "$d" 2>/dev/null || :
else m=$4; fi
chmod "$m" "$d" && mv -f "$d" "$p"`;

/** `s` becomes the size of the file `$1`. Files of /proc say 0, those of /sys 4096, whatever is in them: that counts as unsized, which is 0. */
const SIZE = `[ -e "$1" ] || { echo 'there is no such file' >&2; exit 1; }
[ -f "$1" ] || { echo 'it is no file' >&2; exit 1; }
s=$(stat -L -c %s "$1" 2>/dev/null || stat -L -f %z "$1") || exit 1
case $((s % 4096)) in 0) [ $(($(wc -c <"$1"))) = "$s" ] || s=0 ;; esac
echo "$s"
`;

const MAKE_FOLDER = `umask 077; d=/tmp/passcheck-$1; mkdir "$d" && printf %s "$d"`;

/** A shell of POSIX, coreutils or busybox. */
export const posixFiles: FileCommands = {
  prepare: (path, token) => sh(`${RESOLVE}${MAKE_DRAFT}printf %s "$p"`, path, token),
  place: (draft, place, sha256, mode) => sh(`d=$1; p=$2\n${PLACE}`, draft, place, sha256, octal(mode)),
  discard: (draft) => sh('rm -f "$1"', draft),
  size: (path) => sh(SIZE, path),
  digest: (path, bytes) => sh(`${DIGEST}head -c "$2" <"$1" | sum`, path, String(bytes)),
  makeFolder: (token) => sh(MAKE_FOLDER, token),
  removeFolder: (folder) => sh('rm -rf "$1"', folder),
};

/** All of an upload in one program, which reads the file on its standard input. */
export function receiveFile(path: string, token: string, sha256: string, mode: number): string[] {
  const script = `${RESOLVE}${MAKE_DRAFT}trap 'rm -f "$d"' EXIT\ncat >"$d" || exit 1\n${PLACE}`;
  return sh(script, path, token, sha256, octal(mode));
}

/**
 * All of a download in one program. It prints the size on a line of its own, then so many bytes (of what has no size, at most `unsizedLimit`
 * and one), and their SHA-256 on standard error.
 */
export function sendFile(path: string, unsizedLimit: number): string[] {
  const script = `${SIZE}${DIGEST}n=$s; [ "$s" -gt 0 ] || n=$(($2 + 1))
head -c "$n" <"$1" || exit 1
[ "$s" -eq 0 ] || head -c "$s" <"$1" | sum >&2`;
  return sh(script, path, String(unsizedLimit));
}

/** As scp does, but nobody else may write to it. */
function octal(mode: number): string {
  return (mode & 0o755).toString(8);
}

function sh(script: string, ...words: string[]): string[] {
  return ['/bin/sh', '-c', script, 'passcheck', ...words];
}
