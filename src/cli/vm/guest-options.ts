import { type Command, InvalidArgumentError, Option } from 'commander';

import { type GuestVia, VIAS } from '../../guest/via.ts';
import { type ConnectionOptions, withConnectionOption } from './vm-options.ts';

/** What every subcommand that goes into a guest takes. */
export interface GuestOptions extends ConnectionOptions {
  readonly via?: GuestVia;
  readonly user?: string;
  readonly key?: string;
  readonly port?: number;
}

/** Adds the options that say how to get into a guest. */
export function withGuestOptions(command: Command): Command {
  return withConnectionOption(command)
    .addOption(new Option('--via <channel>', 'how to get in (default: the guest agent when it answers, else SSH)').choices(VIAS))
    .option('--user <name>', 'log in as this user, over SSH (also USER@VM)')
    .option('--key <file>', 'log in with this private key, over SSH (default: those that ssh finds itself)')
    .option('--port <n>', 'the port of the SSH server (default: 22)', portNumber);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) throw new InvalidArgumentError('Want a port from 1 to 65535.');
  return port;
}
