import { UsageError } from '../usage-error.ts';
import { type DeliverOptions, reportFormat } from './deliver.ts';
import type { DomainInput } from './domain-input.ts';
import { realPath } from './real-path.ts';

interface Options extends DeliverOptions {
  readonly fix?: boolean;
  readonly diff?: boolean;
  readonly phase?: string;
}

/** Refuses options that do not go together, before anything is written. */
export function refuseConflicts(inputs: readonly DomainInput[], { fix, diff, format, out, phase }: Options): void {
  const isOut = (input: DomainInput): boolean => input.origin === 'file' && out !== undefined && realPath(input.label) === realPath(out);
  if (inputs.some(isOut)) throw new UsageError(`--out ${out} is the definition itself: name another file for the report`);
  if (phase !== undefined && (fix === true || diff === true))
    throw new UsageError(`--phase judges, and --${fix === true ? 'fix' : 'diff'} mends: do one after the other`);
  if (diff === true) {
    if (format !== undefined) throw new UsageError(`--diff prints a difference, no report: leave out --format ${format}`);
    return;
  }
  reportFormat({ format, out });
  if (fix !== true) return;
  const isFromStdin = inputs.some(({ origin }) => origin === 'stdin');
  if (isFromStdin && (out === '-' || (format !== undefined && out === undefined))) {
    throw new UsageError('--fix - prints the definition: for the report name a file with --out');
  }
  if (format === undefined && out?.endsWith('.xml') === true) {
    throw new UsageError(
      `--out ${out} would be the report, and --fix mends the definition where it is; for a mended copy: passcheck lint - --fix < OLD > NEW`,
    );
  }
}
