import type { ConnectionUri } from '../../libvirt/virsh.ts';
import { type Caller, checkFolder, stateFolder } from './folder.ts';
import { journalPath, readJournal } from './journal-file.ts';
import type { Owned } from './model.ts';

/** What passcheck remembers, and how well. */
export interface OwnedState extends Owned {
  /** The journal. */
  readonly path: string;
  /** Lines of it that are no entries of passcheck. */
  readonly skipped: number;
}

/** What passcheck remembers of a connection; nothing is made or changed. Throws a `StateError` when it could not be read. */
export function readOwned(uri: ConnectionUri, caller: Caller = thisCaller()): OwnedState {
  const folder = stateFolder(uri, caller);
  checkFolder(folder, caller.uid);
  const path = journalPath(folder);
  const { owned, skipped } = readJournal(path);
  return { ...owned, path, skipped };
}

/** Who runs this process. */
export function thisCaller(): Caller {
  return { uid: process.geteuid?.() ?? 0, environment: process.env };
}
