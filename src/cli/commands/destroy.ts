import type { Command } from 'commander';

import { planDestroy } from '../../provision/plan/plan-destroy.ts';
import { loadSpec } from '../../provision/spec/load.ts';
import type { Io } from '../io.ts';
import { type Change, type ChangeOptions, makeChange } from '../provision/change.ts';
import { CHANGE_EXIT_CODES, formatOption, removalOptions, shutdownMs } from '../provision/change-options.ts';

interface DestroyOptions extends ChangeOptions {
  readonly vm?: readonly string[];
  readonly deleteDisks?: readonly string[];
  readonly deleteNvram?: boolean;
  readonly deleteTpm?: boolean;
  readonly forgetSnapshots?: boolean;
  readonly shutdownTimeout?: number;
}

const EXAMPLES = `
Examples:
  $ passcheck destroy lab.yaml                      the VMs, networks and pools
  $ passcheck destroy lab.yaml --vm DC01 CLIENT01   only these VMs
  $ passcheck destroy lab.yaml --delete-disks all   with what their disks hold
  $ passcheck destroy lab.yaml --vm DC01 --delete-disks dc01 --delete-nvram \\
      --delete-tpm --yes                            all of one VM

Disks, NVRAM and TPM are kept unless they are named. Only what passcheck made
from this spec, or was given by passcheck adopt, is taken away. A VM that runs is
asked to shut down; its power is never cut.
${CHANGE_EXIT_CODES}`;

/** `passcheck destroy`: takes away what a spec made, and keeps what holds data. */
export function defineDestroy(command: Command, io: Io): void {
  command
    .description('Take away what was made from a spec. Disks, NVRAM and TPM stay, with what they hold, unless they are named.')
    .argument('<spec>', 'the YAML file that it was made from')
    .option('--vm <names...>', 'only these VMs, or networks or pools, of the spec')
    .option('--delete-disks <names...>', 'delete these volumes of the spec, with what they hold; all: those of what is taken away')
    .option('--delete-nvram', 'delete the variables of the firmware of these VMs')
    .option('--delete-tpm', 'delete what the TPMs of these VMs hold: keys of BitLocker, too');
  removalOptions(command)
    .addOption(formatOption())
    .addHelpText('after', EXAMPLES)
    .action((spec: string, options: DestroyOptions) => destroy(spec, options, io));
}

async function destroy(path: string, options: DestroyOptions, io: Io): Promise<void> {
  const { spec, text, name } = loadSpec(path);
  const { vm: names = [], deleteDisks: disks = [], deleteNvram = false, deleteTpm = false, forgetSnapshots = false } = options;
  const told = {
    names,
    // A volume can be called "all" only beside others.
    deleteDisks: disks.length === 1 && disks[0] === 'all' ? ('all' as const) : disks,
    deleteNvram,
    deleteTpm,
    forgetSnapshots,
    shutdownMs: shutdownMs(options),
  };
  const change: Change = {
    command: 'destroy',
    connection: spec.connection,
    source: { spec: name, text },
    plan: (request) => planDestroy({ ...request, ...told }),
    question: 'Take this away?',
  };
  await makeChange(change, options, io);
}
