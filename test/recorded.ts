import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import * as z from 'zod/mini';

import { userConfig } from '../src/cli/config.ts';
import { takingOf } from '../src/cli/describing.ts';
import { openSource } from '../src/cli/host.ts';
import { runChecks } from '../src/engine/run.ts';
import { collectMachine } from '../src/inventory/machine.ts';
import { type Measurement, measurementSchema } from '../src/report/measurement.ts';
import type { Report } from '../src/report/model.ts';
import { preflightChecks } from '../suites/preflight.ts';

/** Not that of the package, so that a new one changes no golden report. */
const VERSION = '0.0.0';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');

/** The report of `passcheck preflight --from` a recorded host; with the machine, as JSON and HTML have it. */
export async function judgeRecorded(name: string, { withMachine = false } = {}): Promise<Report> {
  const from = join(FIXTURES, 'hosts', name);
  const { host, clock, recordedConfig } = await openSource(from);
  const config = await userConfig({ path: undefined, isRecorded: true, recordedConfig });
  return runChecks({
    suite: 'preflight',
    checks: preflightChecks,
    host,
    clock,
    context: { config },
    version: VERSION,
    ...(withMachine ? { describe: (store) => collectMachine(store, { ...takingOf({ from }, clock), version: VERSION }) } : {}),
  });
}

/** Made-up measurements of every kind. */
export function exampleMeasurements(): Measurement[] {
  return ['latency', 'bench'].flatMap((name) =>
    z.array(measurementSchema).parse(JSON.parse(readFileSync(join(FIXTURES, 'measurements', `${name}.json`), 'utf8'))),
  );
}
