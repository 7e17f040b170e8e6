import { ownershipAfter } from '../src/provision/state/journal.ts';
import type { JournalEntry, StateSession } from '../src/provision/state/model.ts';

/** A session that remembers in memory. */
export interface MemorySession extends StateSession {
  readonly entries: JournalEntry[];
  readonly kept: { readonly name: string; readonly xml: string }[];
  /** Throws where the disk would be full. */
  beforeRecord: (entry: Omit<JournalEntry, 'at' | 'run'>) => void;
}

/** Drafts are their own text: the libvirt in memory takes it for the file. */
export function memorySession(): MemorySession {
  const entries: JournalEntry[] = [];
  const kept: { readonly name: string; readonly uuid: string; readonly kind: string; readonly xml: string }[] = [];
  const session: MemorySession = {
    entries,
    kept,
    get owned() {
      return ownershipAfter(entries).owned;
    },
    beforeRecord: () => {},
    record(entry) {
      session.beforeRecord(entry);
      entries.push({ at: '2026-11-20T19:00:00.000Z', run: 'test', ...entry });
    },
    backup({ kind, name }, uuid, xml) {
      kept.push({ name, kind, uuid, xml });
      return `/backup/${kind}-${name}.xml`;
    },
    backups: (kind, uuid) => kept.filter((one) => one.kind === kind && one.uuid === uuid).map(({ xml }) => xml),
    draft: (xml) => xml,
    close: () => Promise.resolve(),
  };
  return session;
}
