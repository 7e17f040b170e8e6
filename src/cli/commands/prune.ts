import type { Command } from 'commander';

import { planPrune } from '../../provision/plan/plan-prune.ts';
import { loadSpec } from '../../provision/spec/load.ts';
import type { Io } from '../io.ts';
import { type Change, type ChangeOptions, makeChange } from '../provision/change.ts';
import { CHANGE_EXIT_CODES, formatOption, removalOptions, shutdownMs } from '../provision/change-options.ts';

interface PruneOptions extends ChangeOptions {
  readonly forgetSnapshots?: boolean;
  readonly shutdownTimeout?: number;
}

const EXAMPLES = `
Examples:
  $ passcheck prune lab.yaml         shows what it would take away, and asks
  $ passcheck prune lab.yaml --yes

Only what bears the mark of this spec and is no longer in it goes. Disks, NVRAM
and TPM always stay.
${CHANGE_EXIT_CODES}`;

/** `passcheck prune`: takes away what a spec made and no longer has. */
export function definePrune(command: Command, io: Io): void {
  command
    .description('Take away VMs, networks and pools that were made from a spec and are no longer in it. Disks stay.')
    .argument('<spec>', 'the YAML file as it is now');
  removalOptions(command)
    .addOption(formatOption())
    .addHelpText('after', EXAMPLES)
    .action((spec: string, options: PruneOptions) => prune(spec, options, io));
}

async function prune(path: string, options: PruneOptions, io: Io): Promise<void> {
  const { spec, text, name } = loadSpec(path);
  const { forgetSnapshots = false } = options;
  const told = { deleteDisks: [], deleteNvram: false, deleteTpm: false, forgetSnapshots, shutdownMs: shutdownMs(options) };
  const change: Change = {
    command: 'prune',
    connection: spec.connection,
    source: { spec: name, text, everything: true },
    plan: (request) => planPrune({ ...request, ...told }),
    question: 'Take this away?',
  };
  await makeChange(change, options, io);
}
