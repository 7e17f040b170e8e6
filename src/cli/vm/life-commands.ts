import type { Command } from 'commander';

import type { Io } from '../io.ts';

/** The subcommands about a VM as a whole; the action of each is loaded when it runs. */
export function defineLifeCommands(_command: Command, _io: Io): void {}
