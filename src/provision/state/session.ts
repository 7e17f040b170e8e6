import * as fs from 'node:fs';
import { join } from 'node:path';

import { writeFailure } from '../../host/write-failure.ts';
import type { ConnectionUri } from '../../libvirt/virsh.ts';
import { readBackups, writeBackup } from './backup.ts';
import { type Caller, makeFolder, stateFolder } from './folder.ts';
import { openJournal } from './journal-file.ts';
import { lockName, takeLock } from './lock.ts';
import type { StateSession } from './model.ts';
import { writePrivate } from './private-file.ts';
import { thisCaller } from './read-owned.ts';
import { StateError } from './state-error.ts';

/** What a session is opened for. */
export interface SessionRequest {
  /** `apply`, `destroy` …: who meets the lock is told. */
  readonly command: string;
  readonly caller?: Caller;
  /** Told of each file of XML, so that a signal leaves none behind. */
  readonly drafts?: { add(path: string): void; keep(path: string): void };
  /** The name of the lock; that of the connection unless told. */
  readonly lock?: string;
}

/** Where a session keeps what it remembers. */
export interface OpenSession extends StateSession {
  readonly folder: string;
  /** Lines of the journal that are no entries of passcheck. */
  readonly skipped: number;
}

/**
 * Takes the lock of a connection and opens its state. Throws a `StateError` when another passcheck has it, and when the folder is not
 * safe or cannot be written; libvirt was not touched then.
 */
export async function openState(uri: ConnectionUri, request: SessionRequest): Promise<OpenSession> {
  const { command, caller = thisCaller() } = request;
  const folder = stateFolder(uri, caller);
  const holder = { pid: process.pid, command, since: new Date().toISOString() };
  const lock = await takeLock(request.lock ?? lockName(uri, caller.uid), uri, holder);
  try {
    makeFolder(folder, caller.uid);
    removeOldDrafts(folder);
    return session({ folder, drafts: request.drafts ?? { add: () => {}, keep: () => {} }, release: () => lock.release() });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface Held {
  readonly folder: string;
  readonly drafts: { add(path: string): void; keep(path: string): void };
  readonly release: () => Promise<void>;
}

function session({ folder, drafts, release }: Held): OpenSession {
  const journal = openJournal(folder);
  const run = `${new Date().toISOString()} ${process.pid}`;
  const files: string[] = [];
  return {
    folder,
    owned: journal.owned,
    skipped: journal.skipped,
    record(entry) {
      const { command, object, step, ...rest } = entry;
      // What decides over ownership has to outlive a power cut. The rest tells people what happened.
      const sync = entry.state === 'begun' || entry.subject !== null;
      journal.append({ at: new Date().toISOString(), run, command, object, step, ...rest }, sync);
    },
    backup: (object, uuid, xml) => writeBackup(folder, object, uuid, xml, new Date()),
    backups: (kind, uuid) => readBackups(folder, kind, uuid),
    draft(xml) {
      const path = join(folder, `${DRAFT}${process.pid}-${files.length}.xml`);
      drafts.add(path);
      files.push(path);
      try {
        writePrivate(path, xml);
      } catch (error) {
        throw new StateError(`could not write ${path}: ${writeFailure(error)}`, { cause: error });
      }
      return path;
    },
    async close() {
      for (const path of files) {
        fs.rmSync(path, { force: true });
        drafts.keep(path);
      }
      journal.close();
      await release();
    },
  };
}

const DRAFT = 'draft-';

/** Of a passcheck that was killed: whoever has the lock is the only one that writes here. */
function removeOldDrafts(folder: string): void {
  for (const name of fs.readdirSync(folder)) if (name.startsWith(DRAFT)) fs.rmSync(join(folder, name), { force: true });
}
