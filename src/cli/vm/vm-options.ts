import { type Command, InvalidArgumentError, Option } from 'commander';

import type { ConnectionUri } from '../../libvirt/virsh.ts';

const CONNECTIONS: readonly ConnectionUri[] = ['qemu:///system', 'qemu:///session'];

/** What every subcommand of `passcheck vm` that asks libvirt takes. */
export interface ConnectionOptions {
  readonly connection?: ConnectionUri;
}

/** Adds `--connection`. */
export function withConnectionOption(command: Command): Command {
  return command.addOption(
    new Option('--connection <uri>', 'the libvirt connection (default: the one of passcheck.yaml, else qemu:///system)').choices(
      CONNECTIONS,
    ),
  );
}

/** A number of seconds on a command line, in milliseconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d{1,6}$/.test(text) || value < 1) throw new InvalidArgumentError('Want whole seconds, from 1 to 999999.');
  return value * 1000;
}
