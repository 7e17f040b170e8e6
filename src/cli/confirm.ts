import { isatty } from 'node:tty';

import type { Io } from './io.ts';

/** Asks somebody at the terminal; the answer is no unless it is `yes` or `y`. Null: there is nobody to ask. */
export async function confirmed(question: string, io: Pick<Io, 'stderrIsTerminal'>): Promise<boolean | null> {
  if (!io.stderrIsTerminal || !isatty(0)) return null;
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  terminal.once('close', () => closed.abort());
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal: closed.signal })).trim());
  } catch (error) {
    // The end of the input is no yes.
    if (error instanceof Error && error.name === 'AbortError') return false;
    throw error;
  } finally {
    terminal.close();
  }
}
