import type { Reading } from '../host/reading.ts';
import type { CommandResult, HostSource } from '../host/source.ts';
import { FactError, readingError } from './fact-error.ts';
import { defineFact } from './fact.ts';

/** The kernel's messages since boot, as far as they are still there. */
export interface KernelLog {
  /** Without time stamps, the oldest first. */
  readonly lines: readonly string[];
  /** The command that printed them. */
  readonly source: string;
  /** False when the ring buffer has wrapped: then a message of the boot that is missing proves nothing. */
  readonly hasBeginning: boolean;
}

const DMESG = ['dmesg'];
const JOURNAL = ['journalctl', '-k', '-b', '-o', 'cat', '--no-pager'];
const HINT = 'run passcheck as root: the kernel log is restricted';

/** What the kernel said since boot; the journal where dmesg is not allowed or has lost the beginning. */
export const kernelLog = defineFact({
  id: 'kernelLog',
  async collect(host): Promise<KernelLog> {
    const ring = await ask(host, DMESG);
    if (ring.log?.hasBeginning === true) return ring.log;
    const journal = await ask(host, JOURNAL);
    const best = journal.log?.hasBeginning === true ? journal.log : (ring.log ?? journal.log);
    if (best !== null) return best;
    throw ring.error ?? journal.error ?? new FactError({ source: 'dmesg', reason: 'printed nothing', hint: HINT });
  },
});

interface Answer {
  readonly log: KernelLog | null;
  readonly error: FactError | null;
}

async function ask(host: HostSource, argv: readonly string[]): Promise<Answer> {
  const source = argv.join(' ');
  const result = await host.run(argv);
  if (result.state !== 'ok') return { log: null, error: readingError(source, result, hintFor(result)) };
  const lines = parseKernelLog(result.value.stdout);
  // journalctl answers a user without rights with success and nothing.
  if (result.value.exitCode !== 0 || lines.length === 0) return { log: null, error: refusal(source, result.value) };
  return { log: { lines, source, hasBeginning: hasBeginning(lines) }, error: null };
}

function hintFor(result: Exclude<Reading<unknown>, { state: 'ok' }>): string | undefined {
  return result.state === 'absent' ? 'install util-linux, which has dmesg' : undefined;
}

function refusal(source: string, { exitCode, stderr }: CommandResult): FactError {
  const said = stderr.split('\n', 1)[0]?.trim() ?? '';
  const reason = said === '' ? `printed nothing (exit status ${exitCode})` : said;
  return new FactError({ source, reason, hint: HINT });
}

/** A message of the kernel is shorter than this; the rest of a longer line is dropped. */
const LINE_LIMIT = 2_000;

/** The lines of dmesg or journalctl without their time stamps. */
export function parseKernelLog(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    // `-- No entries --`, `-- Journal begins at …`: journalctl's own.
    const bare = line
      .slice(0, LINE_LIMIT)
      .replace(/^(?:<\d{1,3}>)?\[ *\d{1,12}\.\d{1,9}\](?:\[[^\]]{1,20}\])? ?/, '')
      .trimEnd();
    return bare === '' || bare.startsWith('-- ') ? [] : [bare];
  });
}

/** The kernel begins with its version; a few lines of early microcode loading can stand before it. */
function hasBeginning(lines: readonly string[]): boolean {
  return lines.slice(0, 20).some((line) => line.startsWith('Linux version '));
}
