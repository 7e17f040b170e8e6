import type { Command } from 'commander';

import { nearest } from '../../nearest.ts';
import { UsageError } from '../../usage-error.ts';
import type { Io } from '../io.ts';
import { programName } from '../program-name.ts';
import { defineGuestCommands } from '../vm/guest-commands.ts';
import { defineLifeCommands } from '../vm/life-commands.ts';

/** `passcheck vm`: VMs of libvirt as a whole, and what runs in them. */
export function defineVm(command: Command, io: Io): void {
  command
    .description('Use VMs of libvirt: look after them, and run programs in them.')
    .usage('SUBCOMMAND [options]')
    .configureHelp({ subcommandTerm: (subcommand) => subcommand.name() })
    // Whatever is no subcommand ends here.
    .argument('[words...]')
    .action((words: readonly string[]) => refuse(command, words[0], io));
  defineLifeCommands(command, io);
  defineGuestCommands(command, io);
}

function refuse(command: Command, word: string | undefined, io: Io): void {
  if (word === undefined) {
    command.outputHelp();
    io.exitCode = 2;
    return;
  }
  const near = nearest(
    word,
    command.commands.map((subcommand) => subcommand.name()),
  );
  const hint = near === undefined ? `${programName(process.env)} vm --help lists all` : `the nearest is ${near}`;
  throw new UsageError(`vm ${word}: there is no such subcommand; ${hint}`);
}
