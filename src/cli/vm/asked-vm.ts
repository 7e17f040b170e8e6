import { connect } from '../../libvirt/connect.ts';
import { type Connection, ConnectionError } from '../../libvirt/connection.ts';
import { nearest } from '../../nearest.ts';
import { oneLine } from '../../report/sanitize.ts';
import { UsageError } from '../../usage-error.ts';
import { findVm, readVms, type Vm } from '../../vm/read-vms.ts';
import type { Io } from '../io.ts';
import { tellProblems } from './problem-lines.ts';
import type { ConnectionOptions } from './vm-options.ts';

/** A VM that somebody named, and the others of its connection. */
export interface AskedVm {
  readonly connection: Connection;
  readonly vm: Vm;
  readonly vms: readonly Vm[];
}

/** Opens the connection that is asked for. A libvirt that does not answer is told, and ends the command with 3. */
export async function withConnection(options: ConnectionOptions, io: Io, work: (connection: Connection) => Promise<void>): Promise<void> {
  const { userConfig } = await import('../config.ts');
  const uri = options.connection ?? (await userConfig({ path: undefined, isRecorded: false, recordedConfig: null })).connection;
  try {
    await work(connect(uri));
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    tellProblems(io, 'libvirt', [{ message: error.message, fix: error.hint }]);
    io.exitCode = 3;
  }
}

/** {@link withConnection} for one VM. Throws a `UsageError` when there is none of that name. */
export async function withVm(name: string, options: ConnectionOptions, io: Io, work: (asked: AskedVm) => Promise<void>): Promise<void> {
  await withConnection(options, io, async (connection) => work({ connection, ...(await askedVm(connection, name)) }));
}

/** Reads it anew: something may have changed since. */
export async function askedVm(connection: Connection, wanted: string): Promise<Pick<AskedVm, 'vm' | 'vms'>> {
  const vms = await readVms(connection);
  const vm = findVm(vms, wanted);
  if (vm !== null) return { vm, vms };
  const near = nearest(
    wanted,
    vms.map(({ name }) => name),
  );
  const hint = near === undefined ? 'passcheck vm list shows all' : `the nearest is ${near}`;
  throw new UsageError(`${connection.uri} has no VM ${oneLine(wanted).slice(0, 100)}; ${hint}`);
}
