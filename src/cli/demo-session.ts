import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import * as z from 'zod/mini';

import { renderJson } from '../report/json.ts';
import { measurementSchema } from '../report/measurement.ts';
import type { Report } from '../report/model.ts';
import { DEMO_DOMAIN, DEMO_HOST, DEMO_MEASUREMENTS } from './demo-data.ts';
import type { Io } from './io.ts';
import { writeOutput } from './output-file.ts';
import { programName } from './program-name.ts';
import type { Run } from './program.ts';
import { parseReport } from './stored-report.ts';

/** What stands at the top of everything that the demo makes. */
export const DEMO_NOTICE =
  'Demonstration: the host was recorded in an emulated machine, its VM is an example, and the measurements are made up. Nothing here is about your machine.';

/** The definition as passcheck mends it. */
export const MENDED_DOMAIN = 'vm_config.xml';

const FROM = ['--from', DEMO_HOST] as const;
const REPORTS = ['preflight.json', 'lint.json'] as const;

/**
 * Goes the whole way in the current folder by typing the commands that a person would type, and gives the report. `data`: where
 * the recorded data are.
 */
export async function demoSession(data: string, run: Run, io: Io): Promise<Report> {
  for (const name of [DEMO_HOST, DEMO_DOMAIN]) copyFileSync(join(data, name), name);
  copyFileSync(DEMO_DOMAIN, MENDED_DOMAIN);
  const type = (...argv: readonly string[]): Promise<void> => typed(argv, run, io);
  await type('preflight', ...FROM, '--out', 'preflight.json');
  await type('lint', 'win11', ...FROM, '--no-schema', '--out', 'lint.json');
  await type('lint', MENDED_DOMAIN, ...FROM, '--no-schema', '--fix');
  await type('pins', '--into', MENDED_DOMAIN, ...FROM, '--out', 'cpu.svg');
  await type('inventory', ...FROM, '--out', 'hardware_inventory.md');
  addMeasurements(join(data, DEMO_MEASUREMENTS));
  await type('report', ...REPORTS, '--phase', 'phase-0', '--out', 'report.json');
  await type('report', 'report.json', '--out', 'report.md');
  await type('report', 'report.json', '--out', 'index.html');
  mark('hardware_inventory.md', (text) => text.replace('\n', `\n\n> ${DEMO_NOTICE}\n`));
  mark('cpu.svg', (text) => `<!-- ${DEMO_NOTICE} -->\n${text}`);
  return readReport('report.json');
}

/** Runs one command line and shows it, with what it says, on standard error. */
async function typed(argv: readonly string[], run: Run, io: Io): Promise<void> {
  // Ctrl-C is heard between two commands: most of them wait for nothing.
  await turn();
  // The folder gets its name when all is written.
  const here = `${process.cwd()}/`;
  io.note(`$ ${[programName(process.env), ...argv].join(' ')}`);
  await run(argv, {
    ...io,
    print: () => {},
    note: (line) => io.note(`  ${line.replaceAll(here, '')}`),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
  });
}

/** What passcheck cannot measure yet is made up, and says so; the notice goes with the report from here on. */
function addMeasurements(path: string): void {
  const measurements = z.array(measurementSchema).parse(JSON.parse(readFileSync(path, 'utf8')));
  for (const name of REPORTS) {
    const report = { ...readReport(name), notice: DEMO_NOTICE };
    writeOutput(name, renderJson(name === 'lint.json' ? { ...report, measurements } : report));
  }
}

function readReport(name: string): Report {
  return parseReport(name, readFileSync(name, 'utf8'));
}

function mark(name: string, change: (text: string) => string): void {
  writeOutput(name, change(readFileSync(name, 'utf8')));
}
