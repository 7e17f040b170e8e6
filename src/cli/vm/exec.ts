import type { GuestExec, GuestResult } from '../../guest/channel.ts';
import { type OpenGuest, openGuest } from '../../guest/choose.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { PROGRAM_CODES, tellingFailure } from './guest-failure.ts';
import type { GuestOptions } from './guest-options.ts';
import { guestOutput } from './guest-output.ts';
import { askedGuest } from './guest-place.ts';

export interface ExecOptions extends GuestOptions {
  /** Milliseconds. */
  readonly timeout: number;
  readonly stdin?: boolean;
}

/** `passcheck vm exec` */
export async function exec(target: string, argv: readonly string[], options: ExecOptions, io: Io): Promise<void> {
  await runInGuest(
    target,
    options,
    io,
    'vm exec',
    () =>
      ({ channel }, how) =>
        channel.exec(argv, how),
  );
}

type Run = (guest: OpenGuest, how: GuestExec) => Promise<GuestResult>;

/** Runs a program in a guest with its output on this side; its exit code becomes that of passcheck. `prepare` looks at files here. */
export async function runInGuest(target: string, options: ExecOptions, io: Io, what: string, prepare: () => Run): Promise<void> {
  await tellingFailure(io, what, PROGRAM_CODES, async () => {
    const run = prepare();
    const { place, wish } = await askedGuest(target, options);
    const guest = await withProgress(io, `reaching ${target}`, openGuest(place, wish));
    const input = options.stdin === true ? await (await import('./standard-input.ts')).standardInput() : null;
    const output = guestOutput(io);
    const { onOutput } = output;
    try {
      const result = await run(guest, { timeoutMs: options.timeout, onOutput, ...(input === null ? {} : { input }) });
      finish(guest, result, io);
    } finally {
      output.end();
    }
  });
}

function finish({ name }: OpenGuest, { exitCode, signal, isTruncated }: GuestResult, io: Io): void {
  if (isTruncated)
    io.note(`${name}: the program printed more than 16 MiB; let it write into a file, and fetch that with passcheck vm copy`);
  io.exitCode = exitCodeOf(exitCode, signal);
  const real = exitCode ?? signal ?? 0;
  if (io.exitCode === UNFIT)
    io.note(`${name}: the program ended with ${real} (0x${(real >>> 0).toString(16)}), which is no exit code here: it is ${UNFIT}`);
}

const UNFIT = 254;

/** Exit codes here have 8 bits: 3010 of Windows must not become 194, and 256 not 0. A signal is 128 and its number, as in a shell. */
function exitCodeOf(exitCode: number | null, signal: number | null): number {
  if (exitCode !== null) return exitCode >= 0 && exitCode <= 255 ? exitCode : UNFIT;
  return signal !== null && signal > 0 && signal < 65 ? 128 + signal : UNFIT;
}
