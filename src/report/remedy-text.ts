import type { Result } from './model.ts';
import { shownSteps } from './steps.ts';

/** A remedy as plain lines: `Fix: …`, then the numbered steps. */
export function remedyText(remedy: NonNullable<Result['remedy']>): string[] {
  const steps = shownSteps(remedy).flatMap(({ words, copy }, index) => [
    `${index + 1}. ${words}`,
    ...(copy?.split('\n') ?? []).map((line) => `   ${line}`),
  ]);
  return [`Fix: ${remedy.summary}`, ...steps];
}
