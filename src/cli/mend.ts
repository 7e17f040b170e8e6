import { fixText, type FixedText } from '../engine/fix-text.ts';
import { EXIT_CODES } from '../engine/verdict.ts';
import { manyLines } from '../report/sanitize.ts';
import type { Result } from '../report/model.ts';
import { UsageError } from '../usage-error.ts';
import { deliver, type DeliverOptions } from './deliver.ts';
import type { DomainInput } from './domain-input.ts';
import { unifiedDiff, writeFixed } from './fixed-domain.ts';
import type { Io } from './io.ts';
import type { LintRun } from './lint-run.ts';
import { writeOutput } from './output-file.ts';
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
  return options.diff === true ? showDiff(run, mended, options, io) : write(run, mended, options, io);
}

async function mendOne(run: LintRun, input: DomainInput): Promise<Mended> {
  if (input.text === null) return { input, result: null };
  const judge = async (text: string): Promise<readonly Result[]> =>
    (await run.judgeWithAll([run.toDefinition({ ...input, text })])).results;
  return { input, result: await fixText(input.text, judge, ({ id }) => run.isSelected(id)) };
}

async function showDiff(run: LintRun, mended: readonly Mended[], { out }: MendOptions, io: Io): Promise<void> {
  const diffs: string[] = [];
  for (const { input, result } of mended) {
    tell(input, result, '--fix would mend', io);
    if (result !== null) diffs.push(await unifiedDiff(input, input.text ?? '', result.text));
  }
  if (out === undefined || out === '-') showText(diffs.join(''), io);
  else {
    writeOutput(out, diffs.join(''));
    io.note(`the difference: written to ${out}`);
  }
  io.exitCode = EXIT_CODES[(await run.judge(run.inputs.map((input) => run.toDefinition(input)))).verdict];
}

async function write(run: LintRun, mended: readonly Mended[], options: MendOptions, io: Io): Promise<void> {
  for (const { input, result } of mended) {
    if (result !== null && input.origin === 'stdin') showText(result.text, io);
    else if (result !== null) writeFixed(input, result.text, run.connection, io);
    tell(input, result, 'mended', io);
  }
  const report = await run.judge(mended.map(({ input, result }) => run.toDefinition({ ...input, text: result?.text ?? null })));
  // Standard output has the definition then.
  const isTaken = run.inputs.some(({ origin }) => origin === 'stdin') && options.out === undefined;
  if (!isTaken) await deliver(report, options, io);
  else io.note(`${report.verdict}; what is left, as a report: --out FILE`);
  io.exitCode = EXIT_CODES[report.verdict];
}

/** The text itself for another program; on a terminal, what could steer it is made visible. */
function showText(text: string, io: Io): void {
  io.print(io.stdoutIsTerminal ? manyLines(text) : text);
}

/** Says on standard error what was mended: the report has only what is left. */
function tell({ label, problem }: DomainInput, result: FixedText | null, verb: string, io: Io): void {
  if (result === null) {
    io.note(`${label}: nothing can be mended: ${problem?.reason ?? 'there is no text'}`);
    return;
  }
  const { fixed, kept, left } = result;
  const ids = [...new Set(fixed.map(({ id }) => id.slice(id.indexOf('/') + 1)))];
  if (fixed.length > 0) io.note(`${label}: ${verb} ${fixed.length === 1 ? '1 finding' : `${fixed.length} findings`}: ${ids.join(', ')}`);
  else io.note(`${label}: ${unreadableWords(left) ?? 'nothing that --fix mends'}`);
  for (const { id } of kept) io.note(`${label}: ${id} is left to you: what mends it brings another finding about`);
}

/** Of what is no domain definition only one rule says anything. */
function unreadableWords(results: readonly Result[]): string | null {
  const found = results.find(({ id, status }) => id === 'domain/schema/well-formed' && status !== 'pass');
  if (found === undefined) return null;
  const line = found.location === undefined ? '' : `line ${found.location.line}: `;
  return `nothing can be mended: ${line}${found.message ?? found.title}`;
}
