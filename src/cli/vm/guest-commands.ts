import type { Command } from 'commander';

import type { Io } from '../io.ts';

/** The subcommands about what runs in a VM; the action of each is loaded when it runs. */
export function defineGuestCommands(_command: Command, _io: Io): void {}
