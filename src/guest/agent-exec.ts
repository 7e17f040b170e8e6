import type { AgentSession } from './agent-session.ts';
import { runProgram } from './agent-program.ts';
import type { ProgramStatus } from './agent-replies.ts';
import { GuestError, type GuestExec, type GuestResult } from './channel.ts';
import { collect, type Collected } from './output.ts';
import { makeSpool, parseSpooled, SLICE_BYTES, type Spool } from './spool.ts';

/** Programs that end before cost three calls of virsh, and no more. */
const SILENT_MS = 1000;
const HOUSEKEEPING_MS = 30_000;
const EMPTY = new Uint8Array();

/** Runs a program in a guest through its agent. */
export async function agentExec(session: AgentSession, argv: readonly string[], options: GuestExec): Promise<GuestResult> {
  await session.demand(['guest-exec', 'guest-exec-status']);
  const { kind } = await session.system();
  return kind === 'windows' ? runCaptured(session, argv, options) : runSpooled(session, argv, options);
}

/** The agent itself keeps the output until the end. Windows has nothing that could spool it without touching the arguments. */
async function runCaptured(session: AgentSession, argv: readonly string[], options: GuestExec): Promise<GuestResult> {
  const status = await runProgram(session.port, { argv, input: options.input, timeoutMs: options.timeoutMs });
  const stdout = collect('stdout', options.onOutput);
  const stderr = collect('stderr', options.onOutput);
  stdout.add(status['out-data'] ?? EMPTY);
  stderr.add(status['err-data'] ?? EMPTY);
  return resultOf(status, { stdout, stderr });
}

interface Streams {
  readonly stdout: Collected;
  readonly stderr: Collected;
}

async function runSpooled(session: AgentSession, argv: readonly string[], options: GuestExec): Promise<GuestResult> {
  const { port } = session;
  const spool = makeSpool();
  const streams = { stdout: collect('stdout', options.onOutput), stderr: collect('stderr', options.onOutput) };
  const begin = performance.now();
  const status = await runProgram(port, {
    argv: spool.run(argv),
    input: options.input,
    timeoutMs: options.timeoutMs,
    whileRunning: async () => {
      if (options.onOutput !== undefined && performance.now() - begin > SILENT_MS)
        // What does not come now comes at the end.
        await unlessFailed(fetchSlice(session, spool, streams));
    },
    onTimeout: async () => {
      await unlessFailed(fetchSlice(session, spool, streams));
      await unlessFailed(runProgram(port, { argv: spool.abandon, timeoutMs: HOUSEKEEPING_MS }));
    },
  });
  const spooled = parseSpooled(status['out-data'] ?? EMPTY);
  // Somebody killed the shell of the spool.
  if (spooled === null && status.signal !== undefined) return resultOf(status, streams);
  if (spooled === null) throw new GuestError('garbage', `${port.name} did not say how the program ended`);
  if (spooled.state === 'none')
    throw new GuestError('refused', `could not keep output in /tmp of ${port.name}: ${complaintOf(status)}`, 'See whether /tmp is full');
  if (spooled.state === 'small') {
    streams.stdout.add(spooled.rest.subarray(streams.stdout.length()));
    streams.stderr.add((status['err-data'] ?? EMPTY).subarray(streams.stderr.length()));
  } else {
    await fetchAll(session, spool, streams, spooled);
    await unlessFailed(runProgram(port, { argv: spool.remove, timeoutMs: HOUSEKEEPING_MS }));
  }
  return resultOf({ exitcode: spooled.exitCode }, streams);
}

/** True when something new came. */
async function fetchSlice({ port }: AgentSession, spool: Spool, { stdout, stderr }: Streams): Promise<boolean> {
  const before = stdout.length() + stderr.length();
  const argv = spool.slice(wantedFrom(stdout), wantedFrom(stderr));
  const status = await runProgram(port, { argv, timeoutMs: HOUSEKEEPING_MS });
  // Else there are no files, before the program has begun or after it has ended, and this is the complaint about it.
  if (status.exitcode === 0) {
    stdout.add((status['out-data'] ?? EMPTY).subarray(0, SLICE_BYTES));
    stderr.add((status['err-data'] ?? EMPTY).subarray(0, SLICE_BYTES));
  }
  return stdout.length() + stderr.length() > before;
}

function wantedFrom({ length, isTruncated }: Collected): number | null {
  return isTruncated() ? null : length();
}

function isComplete({ length, isTruncated }: Collected, bytes: number): boolean {
  return isTruncated() || length() >= bytes;
}

async function fetchAll(
  session: AgentSession,
  spool: Spool,
  streams: Streams,
  of: { readonly stdoutBytes: number; readonly stderrBytes: number },
): Promise<void> {
  while (!isComplete(streams.stdout, of.stdoutBytes) || !isComplete(streams.stderr, of.stderrBytes)) {
    if (await fetchSlice(session, spool, streams)) continue;
    throw new GuestError('garbage', `the output of the program went away in ${session.port.name} before it was fetched`);
  }
}

/** For what is not worth to fail for. */
async function unlessFailed(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof GuestError)) throw error;
  }
}

function resultOf(
  status: Pick<ProgramStatus, 'exitcode' | 'signal' | 'out-truncated' | 'err-truncated'>,
  { stdout, stderr }: Streams,
): GuestResult {
  return {
    exitCode: status.exitcode ?? null,
    signal: status.signal ?? null,
    stdout: stdout.bytes(),
    stderr: stderr.bytes(),
    isTruncated: stdout.isTruncated() || stderr.isTruncated() || status['out-truncated'] === true || status['err-truncated'] === true,
  };
}

function complaintOf(status: ProgramStatus): string {
  return Buffer.from(status['err-data'] ?? EMPTY)
    .toString('utf8')
    .trim()
    .slice(0, 300);
}
