import { couldNotLook, type Outcome } from '../../src/engine/outcome.ts';
import type { Reading } from '../../src/host/reading.ts';

/** A file that a definition names and that could not be looked at. */
export function hiddenFile(path: string, { reason, detail }: Extract<Reading<never>, { state: 'unreadable' }>): Outcome {
  const hint =
    reason === 'not-recorded'
      ? `the recording does not hold it: lint on the host itself, or look there for ${path}`
      : 'run passcheck as root';
  return couldNotLook(path, detail, hint);
}
