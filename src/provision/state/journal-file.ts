import * as fs from 'node:fs';
import { dirname, join } from 'node:path';

import { writeFailure } from '../../host/write-failure.ts';
import { syncFolder } from './folder.ts';
import { ownershipAfter, parseEntry } from './journal.ts';
import type { JournalEntry, Owned } from './model.ts';
import { StateError } from './state-error.ts';

/** Above it the journal is written anew when it is opened, with what is owned and nothing else. */
const COMPACT_BYTES = 1024 * 1024;
/** A run adds some megabytes for a thousand VMs. */
const READ_LIMIT = 64 * 1024 * 1024;

/** The journal of a connection's folder. */
export function journalPath(folder: string): string {
  return join(folder, 'journal.ndjson');
}

/** What a journal says. */
export interface ReadJournal {
  readonly owned: Owned;
  /** Lines that are no entries of passcheck. */
  readonly skipped: number;
  readonly entries: readonly JournalEntry[];
}

/** Reads a journal; none is an empty one. Throws a {@link StateError} when it could not be read: that is not the same. */
export function readJournal(path: string): ReadJournal {
  const lines = textOf(path).split('\n');
  // Cut off while it was written, and then nothing had been done yet.
  const torn = lines.pop() ?? '';
  const last = torn === '' ? null : parseEntry(torn);
  const parsed = [...lines.filter((line) => line !== '').map((line) => parseEntry(line)), ...(last === null ? [] : [last])];
  const entries = parsed.filter((entry) => entry !== null);
  return { owned: ownershipAfter(entries).owned, skipped: parsed.length - entries.length, entries };
}

function textOf(path: string): string {
  let descriptor: number | undefined;
  try {
    // A FIFO of that name would be waited for.
    descriptor = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOFOLLOW);
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) throw new StateError(`${path} is no file: move it away`);
    if (stat.size > READ_LIMIT) throw new StateError(`${path} has ${stat.size} bytes, more than a journal gets: see what is in it`);
    return fs.readFileSync(descriptor, 'utf8');
  } catch (error) {
    if (error instanceof StateError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw new StateError(`could not read ${path}: ${writeFailure(error)}`, { cause: error });
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** A journal that is written to. */
export interface OpenJournal {
  readonly owned: Owned;
  readonly skipped: number;
  /** Throws a {@link StateError} when it could not be written. `sync`: it is on the disk when this returns. */
  append(entry: JournalEntry, sync: boolean): void;
  close(): void;
}

/** Opens the journal of a folder for the one who holds the lock. */
export function openJournal(folder: string): OpenJournal {
  const path = journalPath(folder);
  const journal = readJournal(path);
  const mended = attempt(path, () => mend(path, journal));
  const known = ownershipAfter(mended);
  const descriptor = attempt(path, () => openForAppending(path));
  return {
    owned: known.owned,
    skipped: journal.skipped,
    append(entry, sync) {
      attempt(path, () => {
        writeLine(descriptor, entry);
        if (sync) fs.fdatasyncSync(descriptor);
      });
      known.take(entry);
    },
    close() {
      try {
        fs.fdatasyncSync(descriptor);
      } finally {
        fs.closeSync(descriptor);
      }
    },
  };
}

function attempt<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof StateError) throw error;
    throw new StateError(`could not write ${path}: ${writeFailure(error)}`, { cause: error });
  }
}

function openForAppending(path: string): number {
  const isNew = !fs.existsSync(path);
  const descriptor = fs.openSync(path, 'a', 0o600);
  if (isNew) syncFolder(dirname(path));
  return descriptor;
}

/** Half a line (of a full disk) would make the next one garbage, too: it is taken back. */
function writeLine(descriptor: number, entry: JournalEntry): void {
  const { size } = fs.fstatSync(descriptor);
  try {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    for (let done = 0; done < line.length;) done += fs.writeSync(descriptor, line, done);
  } catch (error) {
    fs.ftruncateSync(descriptor, size);
    throw error;
  }
}

/** A torn end is cut off or completed, and a long journal becomes a short one. Gives its entries. */
function mend(path: string, { owned, entries }: Pick<ReadJournal, 'owned' | 'entries'>): readonly JournalEntry[] {
  const size = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > COMPACT_BYTES) {
    const kept = ownedEntries(owned);
    rewrite(path, kept);
    return kept;
  }
  if (size > 0) mendEnd(path);
  return entries;
}

function mendEnd(path: string): void {
  const bytes = fs.readFileSync(path);
  const end = bytes.lastIndexOf('\n') + 1;
  if (end === bytes.length) return;
  if (parseEntry(bytes.toString('utf8', end)) === null) fs.truncateSync(path, end);
  else fs.appendFileSync(path, '\n');
}

function rewrite(path: string, entries: readonly JournalEntry[]): void {
  const draft = `${path}.draft`;
  fs.rmSync(draft, { force: true });
  const descriptor = fs.openSync(draft, 'wx', 0o600);
  try {
    fs.writeFileSync(descriptor, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    fs.fsyncSync(descriptor);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
  fs.renameSync(draft, path);
  syncFolder(dirname(path));
}

/** The fewest entries that say the same. */
function ownedEntries({ pools, volumes }: Owned): JournalEntry[] {
  const entry = { at: new Date().toISOString(), run: 'compacted', command: 'apply', message: null } as const;
  return [
    ...[...pools].map(([uuid, owner]): JournalEntry => {
      const object = { kind: 'pool', name: uuid } as const;
      return { ...entry, owner, object, step: 'own-pool', state: 'done', subject: uuid, pool: null };
    }),
    ...[...volumes].map(([path, { owner, pool, state }]): JournalEntry => {
      const object = { kind: 'volume', name: path } as const;
      const isMade = state === 'made';
      return {
        ...entry,
        owner,
        object,
        step: isMade ? 'own-volume' : 'create-volume',
        state: isMade ? 'done' : 'begun',
        subject: path,
        pool,
      };
    }),
  ];
}
