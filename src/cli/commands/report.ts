import * as fs from 'node:fs';

import { type Command, Option } from 'commander';

import { EXIT_CODES } from '../../engine/verdict.ts';
import type { Report } from '../../report/model.ts';
import { parseReport } from '../stored-report.ts';
import { UsageError } from '../../usage-error.ts';
import { deliver, type DeliverOptions, FORMATS } from '../deliver.ts';
import type { Io } from '../io.ts';
import { phaseJudge, phaseOption, type PhaseOptions } from '../phase-option.ts';

/** A report of a host with thousands of devices has 5 MB. */
const REPORT_LIMIT = 64 * 1024 * 1024;

const EXAMPLES = `
Examples:
  $ passcheck report report.json                             on the terminal
  $ passcheck report report.json --out report.md             as Markdown
  $ ssh host passcheck preflight --format json | passcheck report -
  $ passcheck report preflight.json lint.json --phase phase-0 --out phase-0.html

Exit codes: those of the report's verdict: 0 GO · 1 NO-GO · 3 INCONCLUSIVE
            2 wrong usage, or no usable report · 4 a bug in passcheck`;

/** `passcheck report`: shows a stored report in another format. Looks at no host. */
export function defineReport(command: Command, io: Io): void {
  command
    .description('Show a report that was stored with --format json, or several of one host as one. Looks at no host and changes no result.')
    .argument('<report...>', 'the stored reports; - for standard input')
    .addOption(phaseOption())
    .addOption(new Option('--format <format>', 'how to print it (default: by the ending of --out, else terminal)').choices(FORMATS))
    .option('--out <file>', 'write it into a file, whole or not at all')
    .option('--verbose', 'list the checks that passed or did not apply, too')
    .option('--no-color', 'no colours, even on a terminal')
    .addHelpText('after', EXAMPLES)
    .action((paths: readonly string[], options: DeliverOptions & PhaseOptions) => report(paths, options, io));
}

async function report(paths: readonly string[], options: DeliverOptions & PhaseOptions, io: Io): Promise<void> {
  if (paths.filter((path) => path === '-').length > 1) throw new UsageError('standard input holds one report: name - once');
  const judge = await phaseJudge(options);
  const stored: Report[] = [];
  for (const path of paths) stored.push(parseReport(path === '-' ? 'standard input' : path, await readStored(path)));
  const judged = judge(await asOne(stored, options, io));
  await deliver(judged, { ...options, isStored: true }, io);
  io.exitCode = EXIT_CODES[judged.verdict];
}

/** Criteria that were judged by the results of one report alone say nothing of all. */
async function asOne(stored: readonly Report[], { phase }: PhaseOptions, io: Io): Promise<Report> {
  const { mergeReports } = await import('../../report/merge.ts');
  const merged = mergeReports(stored);
  const judged = stored.find((one) => one.phase !== undefined)?.phase;
  if (judged !== undefined && merged.phase === undefined && phase === undefined)
    io.note(`the criteria of ${judged.id} were judged by one report alone and are left out: --phase judges them again`);
  return merged;
}

async function readStored(path: string): Promise<string> {
  if (path === '-') return readStandardInput();
  try {
    if (fs.statSync(path).size > REPORT_LIMIT) throw tooLarge(path);
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`could not read ${path}: ${REASONS[code] ?? code}`, { cause: error });
  }
}

/** Not `readFileSync(0)`: nothing could interrupt it while it waits. */
async function readStandardInput(): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > REPORT_LIMIT) throw tooLarge('standard input');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}

function tooLarge(name: string): UsageError {
  return new UsageError(`${name} is larger than ${REPORT_LIMIT / 1024 / 1024} MiB: no report is that large`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};
