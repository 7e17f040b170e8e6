import { existsSync } from 'node:fs';

import { Command, CommanderError } from 'commander';

import { UsageError } from '../usage-error.ts';
import { VERSION } from '../version.ts';
import type { Io } from './io.ts';
import { programName, typedHere } from './program-name.ts';

/** Runs a command line. */
export type Run = (argv: readonly string[], io: Io) => Promise<void>;

/** One command: what the overview says of it, and its options and action, loaded only when it is the one that runs. */
interface LazyCommand {
  readonly name: string;
  readonly summary: string;
  load(): Promise<(command: Command, io: Io, run: Run) => void>;
}

const COMMANDS: readonly LazyCommand[] = [
  {
    name: 'demo',
    summary: 'see all of it on a recorded host, in a few seconds',
    load: async () => (await import('./commands/demo.ts')).defineDemo,
  },
  {
    name: 'preflight',
    summary: 'is this host ready for GPU passthrough?',
    load: async () => (await import('./commands/preflight.ts')).definePreflight,
  },
  {
    name: 'lint',
    summary: 'is this VM defined right, by itself and for this host?',
    load: async () => (await import('./commands/lint.ts')).defineLint,
  },
  {
    name: 'pins',
    summary: 'which CPUs a VM gets: a pinning plan with its reasons',
    load: async () => (await import('./commands/pins.ts')).definePins,
  },
  {
    name: 'init',
    summary: 'a commented spec of VMs to begin with',
    load: async () => (await import('./commands/init.ts')).defineInit,
  },
  {
    name: 'plan',
    summary: 'what apply would make or change for a spec; changes nothing',
    load: async () => (await import('./commands/plan.ts')).definePlan,
  },
  {
    name: 'apply',
    summary: 'make the VMs of a spec, or change them',
    load: async () => (await import('./commands/apply.ts')).defineApply,
  },
  {
    name: 'destroy',
    summary: 'take away what a spec made, and keep what holds data',
    load: async () => (await import('./commands/destroy.ts')).defineDestroy,
  },
  {
    name: 'adopt',
    summary: 'take over VMs that are there already',
    load: async () => (await import('./commands/adopt.ts')).defineAdopt,
  },
  {
    name: 'prune',
    summary: 'take away what is no longer in a spec',
    load: async () => (await import('./commands/prune.ts')).definePrune,
  },
  {
    name: 'vm',
    summary: 'use VMs: start, stop, snapshot them, run programs in them',
    load: async () => (await import('./commands/vm.ts')).defineVm,
  },
  {
    name: 'inventory',
    summary: 'the hardware of this host, with its IOMMU groups, as a document',
    load: async () => (await import('./commands/inventory.ts')).defineInventory,
  },
  {
    name: 'snapshot',
    summary: 'record this host, for a bug report or to judge it elsewhere',
    load: async () => (await import('./commands/snapshot.ts')).defineSnapshot,
  },
  {
    name: 'report',
    summary: 'show a stored report in another format, or several as one',
    load: async () => (await import('./commands/report.ts')).defineReport,
  },
  {
    name: 'explain',
    summary: 'what a check wants, and why',
    load: async () => (await import('./commands/explain.ts')).defineExplain,
  },
];

const FIRST_STEPS = `
First steps:
  $ passcheck demo                      a report to look at, of a recorded host
  $ passcheck preflight                 is this machine ready? GO or NO-GO, with what to fix
  $ sudo passcheck preflight            the same, with what only root can see
  $ passcheck COMMAND --help            options and examples of a command

Exit codes: 0 GO · 1 NO-GO · 2 wrong usage, nothing checked
            3 INCONCLUSIVE · 4 a bug in passcheck · 5 plan: changes to apply`;

/** Runs one command line. Throws a `UsageError` for what the user can mend. */
export async function runProgram(argv: readonly string[], io: Io): Promise<void> {
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
  const program = createProgram(io);
  const wanted = COMMANDS.find(({ name }) => name === words[0]);
  for (const command of wanted === undefined ? COMMANDS : [wanted]) {
    const subcommand = program.command(command.name).summary(command.summary).description(command.summary);
    if (command === wanted) (await command.load())(subcommand, io, runProgram);
  }
  if (words.length === 0) {
    program.outputHelp();
    io.exitCode = 2;
    return;
  }
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end this way too.
    if (error.exitCode !== 0) throw new UsageError(usageMessage(error, wanted?.name), { cause: error });
  }
}

function createProgram(io: Io): Command {
  return new Command('passcheck')
    .description('GO or NO-GO for GPU passthrough on this host (Linux, KVM, libvirt, VFIO)')
    .usage('COMMAND [options]')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.print(typedHere(text, programName(process.env))),
      // The message comes with the error that is thrown.
      writeErr: () => {},
    })
    .addHelpText('after', FIRST_STEPS);
}

/** commander's message in one line: `unknown option '--frm' (Did you mean --from?)`. */
function usageMessage({ message }: CommanderError, command: string | undefined): string {
  const text = message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  const [, option = ''] = /^unknown option '(-[^']+)'/.exec(text) ?? [];
  if (existsSync(option)) return `${text} (for the file of that name: ./${option})`;
  return `${text} (see ${[programName(process.env), ...(command === undefined ? [] : [command])].join(' ')} --help)`;
}
