import { type Command, Option } from 'commander';

import type { Io } from '../io.ts';
import type { ListOptions } from './list.ts';
import type { RevertOptions } from './revert.ts';
import type { SnapshotOptions } from './vm-snapshot.ts';
import type { StopOptions } from './stop.ts';
import { type ConnectionOptions, seconds, withConnectionOption } from './vm-options.ts';

const STOP_MS = 120_000;
const EXITS = '\nExit codes: 0 done · 1 refused or failed · 2 wrong usage\n            3 libvirt did not answer · 4 a bug in passcheck';

/** The subcommands about a VM as a whole; the action of each is loaded when it runs. */
export function defineLifeCommands(command: Command, io: Io): void {
  withConnectionOption(command.command('list'))
    .summary('all VMs: state, spec, size, addresses, snapshots')
    .description('All VMs of libvirt: state, spec, size, addresses and snapshots.')
    .addOption(formatOption())
    .addHelpText('after', EXITS)
    .action(async (options: ListOptions) => (await import('./list.ts')).list(options, io));
  withConnectionOption(command.command('start'))
    .summary('start one, and say what is missing')
    .description('Start a VM, and say what is missing when it does not start.')
    .argument('<vm>', NAME)
    .addHelpText('after', EXITS)
    .action(async (vm: string, options: ConnectionOptions) => (await import('./start.ts')).start(vm, options, io));
  withConnectionOption(command.command('stop'))
    .summary('shut one down; the power goes off only with --force')
    .description('Shut a VM down: by its guest agent, then by its power button (ACPI). The power goes off only with --force.')
    .argument('<vm>', NAME)
    .addOption(timeoutOption())
    .option('--force', 'switch the power off when the guest has not shut down by then: data can be lost')
    .addHelpText('after', EXITS)
    .action(async (vm: string, options: StopOptions) => (await import('./stop.ts')).stop(vm, options, io));
  defineSnapshots(command, io);
}

const NAME = 'the name or UUID of a VM';
const STOP = 'shut the VM down first, as passcheck vm stop does';

const SNAPSHOT_EXAMPLES = `
Examples:
  $ passcheck vm snapshot win11 clean            take one; the VM is off
  $ passcheck vm snapshot win11 clean --stop     shut it down first
  $ passcheck vm snapshot win11 --list           which there are
  $ passcheck vm snapshot win11 --delete clean   what it was is forgotten
${EXITS}`;

function defineSnapshots(command: Command, io: Io): void {
  withConnectionOption(command.command('snapshot'))
    .summary('keep its disks, UEFI settings and TPM state')
    .description('Keep a VM as it is: its qcow2 disks, UEFI settings and TPM state.')
    .argument('<vm>', NAME)
    .argument('[name]', 'the name of the new snapshot')
    .option('--list', 'show the snapshots that passcheck took of it')
    .option('--delete <name>', 'delete one; the VM stays as it is')
    .option('--stop', STOP)
    .addOption(timeoutOption())
    .addOption(formatOption())
    .addHelpText('after', SNAPSHOT_EXAMPLES)
    .action(async (vm: string, name: string | undefined, options: SnapshotOptions) =>
      (await import('./vm-snapshot.ts')).snapshot(vm, name, options, io),
    );
  withConnectionOption(command.command('revert'))
    .summary('make it what it was')
    .description('Make a VM what it was: its disks, UEFI settings and TPM state. What was written since is lost.')
    .argument('<vm>', NAME)
    .argument('<name>', 'the name of the snapshot')
    .option('--yes', 'do not ask')
    .option('--stop', STOP)
    .addOption(timeoutOption())
    .addHelpText('after', EXITS)
    .action(async (vm: string, name: string, options: RevertOptions) => (await import('./revert.ts')).revert(vm, name, options, io));
}

function formatOption(): Option {
  return new Option('--format <format>', 'default: terminal').choices(['terminal', 'json']);
}

function timeoutOption(): Option {
  return new Option('--timeout <seconds>', 'how long the guest may take to shut down').argParser(seconds).default(STOP_MS, '120');
}
