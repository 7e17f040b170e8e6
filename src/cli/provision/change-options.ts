import { type Command, InvalidArgumentError, Option } from 'commander';

/** What each command that changes something ends its help with. */
export const CHANGE_EXIT_CODES = `
Exit codes: 0 done, or nothing to do · 1 refused or failed, and what was done
            2 wrong usage or spec · 3 libvirt could not be asked · 4 a bug`;

/** The option of the format; the plan and what became of it are shown on standard error in both. */
export function formatOption(): Option {
  return new Option('--format <format>', 'json: the plan and what became of it, on standard output').choices(['terminal', 'json']);
}

/** Options of commands that take something away. */
export function removalOptions(command: Command): Command {
  return command
    .option('--forget-snapshots', 'of VMs that have some: libvirt forgets them, and the files of the disks stay')
    .option('--shutdown-timeout <seconds>', 'how long a guest gets to shut down (default: 120)', seconds)
    .option('--yes', 'do not ask');
}

const MOST_SECONDS = 24 * 3600;

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value < 1 || value > MOST_SECONDS)
    throw new InvalidArgumentError(`Want seconds from 1 to ${MOST_SECONDS}.`);
  return value;
}

/** Milliseconds that a guest gets to shut down. */
export function shutdownMs({ shutdownTimeout = 120 }: { readonly shutdownTimeout?: number }): number {
  return shutdownTimeout * 1000;
}
