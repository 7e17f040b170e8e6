import { randomBytes } from 'node:crypto';

/**
 * libvirt carries 4 MiB of an answer, and gives the agent up for good when one is larger than 10 MiB
 * (REMOTE_STRING_MAX, QEMU_AGENT_MAX_RESPONSE); base64 takes a third more, and there are two streams.
 */
export const SLICE_BYTES = 1024 * 1024;

/** A program's output in files of the guest, so that any amount can be fetched, and while it runs. */
export interface Spool {
  /** Runs the program; prints {@link parseSpooled}'s header, and the output when it is small: the files are gone then. */
  readonly run: (argv: readonly string[]) => string[];
  /** Prints the next {@link SLICE_BYTES} of both streams; null: nothing of that one. */
  readonly slice: (stdoutFrom: number | null, stderrFrom: number | null) => string[];
  readonly remove: string[];
  /** The program that still runs shall remove the files when it ends. */
  readonly abandon: string[];
}

/** The agent may have gone when the program ends: that must not keep the files. */
const RUN = `d=$1; n=$2; shift 2
u=$(umask); umask 077
mkdir "$d" || { echo passcheck none; exit 0; }
umask "$u"
"$@" >"$d/out" 2>"$d/err"
c=$?; trap '' PIPE
o=$(($(wc -c <"$d/out"))); e=$(($(wc -c <"$d/err")))
if [ "$o" -le "$n" ] && [ "$e" -le "$n" ]
then echo "passcheck small $c $o $e"; cat "$d/out"; cat "$d/err" >&2; rm -rf "$d"
else echo "passcheck large $c $o $e"; [ ! -e "$d/left" ] || rm -rf "$d"
fi`;
/** Open files stay readable when the program ends and they are removed; before they are there, this fails. */
const SLICE = `exec 3<"$1/out" 4<"$1/err" || exit 1
tail -c "+$2" <&3 | head -c "$3"; tail -c "+$4" <&4 | head -c "$5" >&2`;

/** A folder of its own below /tmp that nobody else can have made before, or read. */
export function makeSpool(): Spool {
  const folder = `/tmp/.passcheck-${randomBytes(8).toString('hex')}`;
  const sh = (script: string, ...words: string[]): string[] => ['/bin/sh', '-c', script, 'passcheck', folder, ...words];
  return {
    run: (argv) => sh(RUN, String(SLICE_BYTES), ...argv),
    slice: (stdoutFrom, stderrFrom) => sh(SLICE, ...part(stdoutFrom), ...part(stderrFrom)),
    remove: sh('rm -rf "$1"'),
    abandon: sh(': >"$1/left"'),
  };
}

/** tail counts bytes from 1. */
function part(from: number | null): [string, string] {
  return from === null ? ['1', '0'] : [String(from + 1), String(SLICE_BYTES)];
}

/** How a program that ran in a spool ended. */
export type Spooled =
  | { readonly state: 'none' }
  | {
      readonly state: 'small' | 'large';
      readonly exitCode: number;
      readonly stdoutBytes: number;
      readonly stderrBytes: number;
      /** What follows the header: all of standard output when it is small. */
      readonly rest: Uint8Array;
    };

/** Null when it is not what a spool prints. */
export function parseSpooled(stdout: Uint8Array): Spooled | null {
  const end = stdout.indexOf(0x0a);
  if (end === -1 || end > 100) return null;
  const header = Buffer.from(stdout.subarray(0, end)).toString('latin1');
  if (header === 'passcheck none') return { state: 'none' };
  const [, state, exitCode, stdoutBytes, stderrBytes] = /^passcheck (small|large) (\d{1,3}) (\d{1,15}) (\d{1,15})$/.exec(header) ?? [];
  if (state !== 'small' && state !== 'large') return null;
  return {
    state,
    exitCode: Number(exitCode),
    stdoutBytes: Number(stdoutBytes),
    stderrBytes: Number(stderrBytes),
    rest: stdout.subarray(end + 1),
  };
}
