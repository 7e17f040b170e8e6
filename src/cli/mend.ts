import { fixText, type FixedText } from '../engine/fix-text.ts';
import { EXIT_CODES } from '../engine/verdict.ts';
import { UsageError } from '../usage-error.ts';
import { deliver, type DeliverOptions } from './deliver.ts';
import type { DomainInput } from './domain-input.ts';
import { unifiedDiff, writeFixed } from './fixed-domain.ts';
import type { Io } from './io.ts';
import type { LintRun } from './lint-run.ts';
import { withProgress } from './progress.ts';

interface MendOptions extends DeliverOptions {
  readonly diff?: boolean;
}

interface Mended {
  readonly input: DomainInput;
  /** Null: there is no text that could be mended. */
  readonly result: FixedText | null;
}

/** `--fix`: mends the definitions and reports what is left. `--diff`: prints what that would change. */
export async function mend(run: LintRun, options: MendOptions, io: Io): Promise<void> {
  if (run.isRecorded && options.diff !== true && run.inputs.some(({ origin }) => origin === 'libvirt')) {
    throw new UsageError('--fix on a domain of a recording would define another UUID and other MAC addresses: look at it with --diff');
  }
  const mended = await withProgress(io, 'mending', Promise.all(run.inputs.map((input) => mendOne(run, input))));
  for (const { input, result } of mended) tell(input.label, result, options.diff === true, io);
  return options.diff === true ? showDiff(run, mended, io) : write(run, mended, options, io);
}

async function mendOne(run: LintRun, input: DomainInput): Promise<Mended> {
  if (input.text === null) return { input, result: null };
  const result = await fixText(input.text, async (text) => (await run.judge([run.toDefinition({ ...input, text })])).results);
  return { input, result };
}

async function showDiff(run: LintRun, mended: readonly Mended[], io: Io): Promise<void> {
  for (const { input, result } of mended) {
    if (result !== null) io.print(await unifiedDiff(input, input.text ?? '', result.text));
  }
  io.exitCode = EXIT_CODES[(await run.judge(run.inputs.map((input) => run.toDefinition(input)))).verdict];
}

async function write(run: LintRun, mended: readonly Mended[], options: MendOptions, io: Io): Promise<void> {
  for (const { input, result } of mended) if (result !== null) writeFixed(input, result.text, run.connection, io);
  const report = await run.judge(mended.map(({ input, result }) => run.toDefinition({ ...input, text: result?.text ?? null })));
  // Standard output has the definition then.
  const isTaken = run.inputs.some(({ origin }) => origin === 'stdin') && options.out === undefined;
  if (!isTaken) await deliver(report, options, io);
  io.exitCode = EXIT_CODES[report.verdict];
}

/** Says on standard error what was mended: the report has only what is left. */
function tell(label: string, result: FixedText | null, isDiff: boolean, io: Io): void {
  if (result === null) return;
  const { fixed, kept } = result;
  const ids = [...new Set(fixed.map(({ id }) => id.slice(id.indexOf('/') + 1)))];
  const verb = isDiff ? '--fix would mend' : 'mended';
  if (fixed.length === 0) io.note(`${label}: nothing that --fix mends`);
  else io.note(`${label}: ${verb} ${fixed.length === 1 ? '1 finding' : `${fixed.length} findings`}: ${ids.join(', ')}`);
  for (const { id } of kept) io.note(`${label}: ${id} is left to you: what mends it brings another finding about`);
}
