import type { CommandResult, RunOptions } from '../host/source.ts';
import type { ConnectionUri } from './virsh.ts';

/** A connection to libvirt through `virsh`, one process a call. */
export interface Connection {
  readonly uri: ConnectionUri;
  /**
   * Runs one virsh command (`['dumpxml', '--inactive', uuid]`), or several reading ones as one process when it is one text with
   * semicolons. Its exit code is data; throws a {@link ConnectionError} when virsh is missing or did not answer in time.
   */
  run(command: readonly string[], options?: Pick<RunOptions, 'timeoutMs' | 'outlives'>): Promise<CommandResult>;
}

/** libvirt could not be asked: nothing is known of what it did. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** libvirt was not reached at all, so it did nothing. */
export class NotReachedError extends ConnectionError {}
