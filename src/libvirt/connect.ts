import { runCommand } from '../host/command.ts';
import type { Reading } from '../host/reading.ts';
import type { CommandResult } from '../host/source.ts';
import { type Connection, ConnectionError, NotReachedError } from './connection.ts';
import { silenceOf } from './silence.ts';
import type { ConnectionUri } from './virsh.ts';

/** libvirtd can be starting, and then looks at QEMU for seconds before it answers. */
const READ_TIMEOUT_MS = 60_000;

/**
 * The connection of this machine. It can write even where it only reads: `pool-refresh` is not allowed on a read-only one. No standard
 * input, so nothing can ask for a password on the terminal.
 */
export function connect(uri: ConnectionUri, run: typeof runCommand = runCommand): Connection {
  return {
    uri,
    run: async (command, options = {}) =>
      answerOf(uri, await run(['virsh', '-q', '-c', uri, ...command], { timeoutMs: READ_TIMEOUT_MS, ...options })),
  };
}

const INSTALL = 'Install virsh: apt install libvirt-clients, or dnf install libvirt-client, or pacman -S libvirt';

/** An exit code of libvirt's own "no" is data; that virsh did not reach libvirt, or lost it, is none. */
function answerOf(uri: ConnectionUri, reading: Reading<CommandResult>): CommandResult {
  if (reading.state === 'absent') throw new NotReachedError('virsh is not installed', INSTALL);
  if (reading.state === 'ok') {
    const silence = silenceOf(uri, reading.value.stderr);
    if (silence !== null) throw silence;
    return reading.value;
  }
  throw new ConnectionError(`${uri}: ${reading.detail}`, HINTS[reading.reason] ?? byHand(uri));
}

const HINTS: Readonly<Partial<Record<string, string>>> = {
  'timed-out': 'See whether libvirt hangs: journalctl --boot --unit libvirtd --unit virtqemud',
  denied: 'Let this user run virsh',
};

function byHand(uri: ConnectionUri): string {
  return `Run it by hand and look at what it prints: virsh -c ${uri} list --all`;
}
