import type { Command } from 'commander';

import { planAdopt } from '../../provision/plan/plan-adopt.ts';
import { loadSpec } from '../../provision/spec/load.ts';
import type { Io } from '../io.ts';
import { type Change, type ChangeOptions, makeChange } from '../provision/change.ts';
import { CHANGE_EXIT_CODES, formatOption } from '../provision/change-options.ts';

const EXAMPLES = `
Examples:
  $ passcheck adopt lab.yaml DC01         a VM that somebody else made
  $ passcheck adopt lab.yaml DC01 dc01    with its volume, so that destroy may
                                          delete that when it is named
  $ passcheck plan lab.yaml               what the spec would change in it

Only a mark is put into the definition (for volumes and pools: into what
passcheck remembers). Nothing else changes, and what runs goes on running.
${CHANGE_EXIT_CODES}`;

/** `passcheck adopt`: makes what is there a spec's own. */
export function defineAdopt(command: Command, io: Io): void {
  command
    .description('Take over VMs, networks, pools or volumes that are there already, by marking them as of this spec.')
    .argument('<spec>', 'a YAML file that describes them')
    .argument('<names...>', 'their names in the spec')
    .addOption(formatOption())
    .addHelpText('after', EXAMPLES)
    .action((spec: string, names: readonly string[], options: ChangeOptions) => adopt(spec, names, options, io));
}

async function adopt(path: string, names: readonly string[], options: ChangeOptions, io: Io): Promise<void> {
  const { spec, text, name } = loadSpec(path);
  const change: Change = {
    command: 'adopt',
    connection: spec.connection,
    source: { spec: name, text },
    plan: (request) => planAdopt({ ...request, names }),
    question: null,
  };
  await makeChange(change, options, io);
}
