import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { type Report, reportSchema } from '../../src/report/model.ts';
import { bundledCli, type Cli } from '../../test/cli.ts';
import { exampleMeasurements } from '../../test/recorded.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const HOSTS = join(ROOT, 'fixtures/hosts');
const DEFINITIONS = ['tiny-defined.xml', 'Lobo6780__win11-libvirt-xml__win11.xml'].map((name) => join(ROOT, 'fixtures/domains', name));

/** Reports as the command line makes them, and pages of any report. */
export interface Examples {
  /** The pages that are looked at from every side: file by name. */
  readonly pages: ReadonlyMap<string, ExamplePage>;
  /** Writes the page of a report with `passcheck report`. */
  page(name: string, report: Report): ExamplePage;
  preflight(host: string): Report;
  remove(): void;
}

/** A page on the disk, and what it shows. */
export interface ExamplePage {
  readonly file: string;
  readonly report: Report;
}

/** The hosts that were recorded in the virtual passthrough hosts. */
export const recordedHosts: readonly string[] = readdirSync(HOSTS).toSorted();

export async function makeExamples(): Promise<Examples> {
  const cli = await bundledCli();
  const preflight = (host: string, ...more: readonly string[]): Report => stored(cli, ['preflight', '--from', join(HOSTS, host), ...more]);
  const page = (name: string, report: Report): ExamplePage => {
    const file = join(cli.folder, `${name}.html`);
    writeFileSync(join(cli.folder, `${name}.json`), JSON.stringify(report));
    const { stderr } = cli.run(['report', `${name}.json`, '--out', file]);
    if (!stderr.includes('HTML report written')) throw new Error(stderr);
    return { file, report };
  };
  const lint = stored(cli, ['lint', '--no-schema', '--from', join(HOSTS, 'amd-ready'), ...DEFINITIONS]);
  const { machine: _, ...old } = preflight('intremap-off');
  const reports = {
    ready: { ...preflight('amd-ready', '--phase', 'phase-0'), measurements: exampleMeasurements() },
    demo: demo(cli),
    blocked: { ...preflight('shared-group'), measurements: exampleMeasurements().slice(0, 1) },
    definitions: lint,
    old,
  };
  return {
    pages: new Map(Object.entries(reports).map(([name, report]) => [name, page(name, report)])),
    page,
    preflight,
    remove: () => cli.remove(),
  };
}

/** The report of the demo, which shows a whole workstation. */
function demo(cli: Cli): Report {
  const { status, stderr } = cli.run(['demo', '--out', 'demo']);
  if (status !== 0) throw new Error(stderr);
  return reportSchema.parse(JSON.parse(readFileSync(join(cli.folder, 'demo/report.json'), 'utf8')));
}

function stored(cli: Cli, argv: readonly string[]): Report {
  const { stdout, stderr } = cli.run([...argv, '--format', 'json']);
  if (stdout === '') throw new Error(stderr);
  return reportSchema.parse(JSON.parse(stdout));
}
