import { existsSync } from 'node:fs';

import { type Command, Option } from 'commander';

import { preflightChecks } from '../../../suites/preflight.ts';
import { CONFIG_FILE } from '../../config/load.ts';
import { runChecks } from '../../engine/run.ts';
import { EXIT_CODES } from '../../engine/verdict.ts';
import { VERSION } from '../../version.ts';
import { userConfig } from '../config.ts';
import { openSource } from '../host.ts';
import type { Io } from '../io.ts';
import { deliver, type DeliverOptions, FORMATS, reportFormat } from '../deliver.ts';
import { describing } from '../describing.ts';
import { collectPatterns } from '../patterns.ts';
import { phaseJudge, phaseOption, type PhaseOptions } from '../phase-option.ts';
import { withProgress } from '../progress.ts';
import { selectChecks } from '../select.ts';

interface PreflightOptions extends DeliverOptions, PhaseOptions {
  readonly from?: string;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly strict?: boolean;
  readonly config?: string;
}

const SUITE = 'preflight';

const EXAMPLES = `
Examples:
  $ passcheck preflight                         this machine
  $ passcheck preflight --format json --out report.json
  $ passcheck preflight --from host.tar.gz      a recorded host
  $ passcheck preflight --only iommu --only 'vfio/*'
  $ passcheck preflight --strict                majors count as blockers

Exit codes: 0 GO · 1 NO-GO · 2 wrong usage, nothing checked
            3 INCONCLUSIVE · 4 a bug in passcheck`;

/** `passcheck preflight`: is this host ready? It reads, and changes nothing. */
export function definePreflight(command: Command, io: Io): void {
  command
    .description('Is this host ready for GPU passthrough? Reads this machine (or a recording) and changes nothing.')
    .option('--from <snapshot>', 'judge a recorded host: a folder or .tar.gz of passcheck snapshot, or a captured /proc and /sys')
    .option('--only <glob>', 'run these checks only (iommu, vfio/*, iommu/enabled); can be repeated', collectPatterns)
    .option('--skip <glob>', 'leave these checks out; can be repeated', collectPatterns)
    .option('--strict', 'major findings count as blockers')
    .addOption(phaseOption())
    .option('--config <file>', 'the configuration (default: passcheck.yaml in this folder, when there is one)')
    .addOption(new Option('--format <format>', 'how to print it (default: by the ending of --out, else terminal)').choices(FORMATS))
    .option('--out <file>', 'write the report into a file, whole or not at all')
    .option('--verbose', 'list the checks that passed or did not apply, too')
    .option('--no-color', 'no colours, even on a terminal')
    .addHelpText('after', EXAMPLES)
    .action((options: PreflightOptions) => preflight(options, io));
}

async function preflight(options: PreflightOptions, io: Io): Promise<void> {
  reportFormat(options);
  const judge = await phaseJudge(options);
  const { run, skipped } = selectChecks(preflightChecks, options.only ?? [], options.skip ?? []);
  const { host, clock, recordedConfig } = await openSource(options.from);
  if (options.from !== undefined && options.config === undefined && existsSync(CONFIG_FILE))
    io.note(`${CONFIG_FILE} in this folder is about this machine and was not used: --config ${CONFIG_FILE} uses it`);
  const config = await userConfig({ path: options.config, isRecorded: options.from !== undefined, recordedConfig });
  const work = runChecks({
    suite: SUITE,
    checks: run,
    skipped,
    ...(run.length === preflightChecks.length ? {} : { outOf: preflightChecks.length }),
    host,
    clock,
    context: { config },
    version: VERSION,
    strict: options.strict ?? false,
    ...describing(options, clock),
  });
  const report = judge(await withProgress(io, 'looking at this host', work));
  await deliver(report, options, io);
  io.exitCode = EXIT_CODES[report.verdict];
}
