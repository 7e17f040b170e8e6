import * as fs from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

import { writeFailure } from '../../host/write-failure.ts';
import type { ConnectionUri } from '../../libvirt/virsh.ts';
import { StateError } from './state-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Who calls: the numeric user, and the environment that says where its files go. */
export interface Caller {
  readonly uid: number;
  readonly environment: Environment;
}

/**
 * Where passcheck keeps what it remembers of a connection: below `$XDG_STATE_HOME/passcheck`, else /var/lib/passcheck for root and
 * ~/.local/state/passcheck for others. https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function stateFolder(uri: ConnectionUri, { uid, environment }: Caller): string {
  const { XDG_STATE_HOME: state = '', HOME: home = '' } = environment;
  const name = uri === 'qemu:///system' ? 'system' : 'session';
  // The specification: a path that is not absolute is to be ignored.
  if (isAbsolute(state)) return join(state, 'passcheck', name);
  if (uid === 0) return join('/var/lib/passcheck', name);
  if (!isAbsolute(home)) throw new StateError('HOME is not set, so there is no place for what passcheck has to remember');
  return join(home, '.local/state/passcheck', name);
}

/** Makes the folder with what is above it, for this user alone. Throws a {@link StateError} when it is not safe to use. */
export function makeFolder(folder: string, uid: number): void {
  const isNew = !fs.existsSync(folder);
  try {
    makeEach(folder);
    if (isNew) syncFolder(dirname(folder));
  } catch (error) {
    throw new StateError(`could not make ${folder}: ${writeFailure(error)}`, { cause: error });
  }
  checkFolder(folder, uid);
}

/** One after the other: Node 20 itself, told to make all of them, tries for ever below /proc. */
function makeEach(folder: string): void {
  if (fs.existsSync(folder)) return;
  makeEach(dirname(folder));
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** Whoever may write there could make passcheck delete what is not its own. */
export function checkFolder(folder: string, uid: number): void {
  for (const path of [dirname(folder), folder]) {
    const stat = statOf(path);
    if (stat === undefined) continue;
    if (!stat.isDirectory()) throw new StateError(`${path} is no folder: passcheck keeps its state there`);
    if (stat.uid !== uid) throw new StateError(`${path} belongs to user ${stat.uid}, and this is user ${uid}: run passcheck as that user`);
    if ((stat.mode & 0o022) !== 0) throw new StateError(`others may write into ${path}: see what is in it, then run chmod go-w ${path}`);
  }
}

function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new StateError(`could not look into ${path}: ${writeFailure(error)}`, { cause: error });
  }
}

/** A file that was made or renamed is there after a power cut only when its folder was synchronised, too. */
export function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
