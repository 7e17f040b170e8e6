import { applyPlan } from '../pinning/apply.ts';
import type { PinPlan } from '../pinning/model.ts';
import { unifiedDiff, writeFixed } from './fixed-domain.ts';
import type { Io } from './io.ts';
import { writeOutput } from './output-file.ts';
import type { PinsTarget } from './pins-answer.ts';

/** A plan, and the definition that it goes into. */
export interface PinsInto extends PinsTarget {
  readonly plan: PinPlan;
  /** Only show what would change. */
  readonly isDiff: boolean;
  /** Where the difference goes; undefined and `-`: standard output. */
  readonly out: string | undefined;
  /** Null: the domain is one of a recorded host. */
  readonly connection: string | null;
}

/** Writes the plan into the definition as `passcheck lint --fix` writes its fixes, or prints the difference. */
export async function putInto({ input, document, plan, isDiff, out, connection }: PinsInto, io: Io): Promise<void> {
  const text = applyPlan(document, plan);
  if (isDiff) {
    const diff = await unifiedDiff(input, document.text, text);
    if (out === undefined || out === '-') io.print(diff);
    else {
      writeOutput(out, diff);
      io.note(`the difference: written to ${out}`);
    }
    return;
  }
  writeFixed(input, text, connection, io);
  if (input.origin === 'file') io.note(text === document.text ? `${input.label} has this plan already` : `${input.label}: changed`);
}
