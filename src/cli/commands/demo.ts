import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Command } from 'commander';

import { UsageError } from '../../usage-error.ts';
import { DEMO_DOMAIN, demoData, DEMO_HOST } from '../demo-data.ts';
import { writeFolder } from '../demo-folder.ts';
import { DEMO_NOTICE, demoSession, MENDED_DOMAIN } from '../demo-session.ts';
import { demoWords } from '../demo-words.ts';
import type { Io } from '../io.ts';
import type { Run } from '../program.ts';
import { programName } from '../program-name.ts';
import type { Report } from '../../report/model.ts';

const EXAMPLES = `
Examples:
  $ passcheck demo                    into reports/demo
  $ passcheck demo --out /tmp/demo

The host is a recording and the measurements are made up: the verdict is about
them, not about this machine.

Exit codes: 0 the demo was written · 2 it could not be · 4 a bug in passcheck`;

/** `passcheck demo`: the whole way on recorded data. Looks at nothing of this machine. */
export function defineDemo(command: Command, io: Io, run: Run): void {
  command
    .description('See all of it on a recorded host: the checks, the VM, its CPUs, a phase, and the report. Needs no GPU, root or network.')
    .option('--out <folder>', 'where it goes, whole or not at all; an older demo is replaced', 'reports/demo')
    .addHelpText('after', EXAMPLES)
    .action(({ out }: { readonly out: string }) => demo(out, run, io));
}

async function demo(out: string, run: Run, io: Io): Promise<void> {
  const data = demoData();
  const start = process.cwd();
  let report: Report | undefined;
  await writeFolder(out, objection, async (folder) => {
    io.note('Judging a recorded host; nothing of this machine is looked at.');
    // So that paths in the report are the same wherever it is made, and no passcheck.yaml of this folder has a say.
    process.chdir(folder);
    try {
      report = await demoSession(data, run, io);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`${out}: ${error.message}; nothing was left behind`, { cause: error });
    } finally {
      process.chdir(start);
    }
  });
  if (report === undefined) throw new Error('the demo ended without a report');
  io.print(demoWords(report, out, programName(process.env)));
  // The verdict is about the recorded host.
  io.exitCode = 0;
}

const FILES = new Set([
  'cpu.svg',
  DEMO_DOMAIN,
  DEMO_HOST,
  'hardware_inventory.md',
  'index.html',
  'lint.json',
  MENDED_DOMAIN,
  'preflight.json',
  'report.json',
  'report.md',
  'report.pictures',
]);

/** An empty folder may be replaced, and one that holds an older demo and nothing else. */
function objection(folder: string): string | null {
  const names = readdirSync(folder);
  if (names.length === 0) return null;
  const report = join(folder, 'report.json');
  if (!existsSync(report) || !readFileSync(report, 'utf8').includes(DEMO_NOTICE)) return 'is there already, and is no demo';
  const foreign = names.find((name) => !FILES.has(name));
  return foreign === undefined ? null : `holds ${foreign}, which is not of a demo`;
}
