import type { Io } from './io.ts';

const PATIENCE_MS = 1000;

/** Waits for work; on a terminal, when it takes longer than a second, a line says what it is. */
export async function withProgress<T>(io: Io, what: string, work: Promise<T>): Promise<T> {
  if (!io.stderrIsTerminal) return work;
  const timer = setTimeout(() => io.note(`${what} …`), PATIENCE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
