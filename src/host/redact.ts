import type { Recording } from './recording.ts';

export interface Redacted {
  readonly recording: Recording;
  readonly config: unknown;
  readonly redacted: Readonly<Record<string, number>>;
}

export function redact(recording: Recording, config: unknown): Redacted {
  return { recording, config, redacted: {} };
}
