import { discardDrafts } from './drafts.ts';
import { OutputError, processIo } from './io.ts';
import { programName } from './program-name.ts';

/** 128 + the number of the signal, as a shell reports it. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const io = processIo();
for (const [signal, exitCode] of Object.entries(SIGNALS)) {
  // A second Ctrl-C does not stop what removes the drafts.
  process.on(signal, () => {
    if (discardDrafts() && signal === 'SIGINT') io.note('stopped; nothing half-written was left behind');
    process.exit(exitCode);
  });
}
// Node itself would end with 1, which means NO-GO.
process.on('uncaughtException', (error) => {
  reportFailure(error);
  process.exit(io.exitCode);
});
void main(process.argv.slice(2)).then(() => {
  process.exitCode = io.exitCode;
});

async function main(argv: readonly string[]): Promise<void> {
  try {
    if (!isNodeRecentEnough(process.versions.node))
      throw new OutputError(`passcheck needs Node.js 20.19, this is ${process.versions.node}`);
    const { runProgram } = await import('./program.ts');
    await runProgram(argv, io);
  } catch (error) {
    reportFailure(error);
  } finally {
    discardDrafts();
  }
}

function isNodeRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19);
}

/** One line for what the user can mend (exit 2); for a bug (exit 4) the stack and what to send. */
function reportFailure(error: unknown): void {
  if (error instanceof Error && (error.name === 'UsageError' || error.name === 'OutputError')) {
    io.exitCode = 2;
    io.noteText(`passcheck: ${error.message}\n`);
    return;
  }
  io.exitCode = 4;
  io.note('passcheck: internal error. This is a bug in passcheck, and says nothing about this machine.');
  io.noteText(`${stackOf(error)}\n`);
  io.note(`Report it with the lines above and a recording of the host: ${programName(process.env)} snapshot bug.tar.gz (redacted)`);
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
