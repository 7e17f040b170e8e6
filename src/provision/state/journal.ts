import * as z from 'zod/mini';

import { OBJECT_KINDS } from '../plan/model.ts';
import type { JournalEntry, Owned, OwnedVolume } from './model.ts';

const entrySchema = z.object({
  at: z.string(),
  run: z.string(),
  owner: z.string(),
  command: z.enum(['apply', 'destroy', 'adopt', 'prune']),
  object: z.object({ kind: z.enum(OBJECT_KINDS), name: z.string() }),
  step: z.string(),
  state: z.enum(['begun', 'done', 'failed']),
  subject: z.nullable(z.string()),
  pool: z.nullable(z.string()),
  message: z.nullable(z.string()),
});

/** No entry of passcheck is longer: a path has 4 KiB at most. */
const LINE_LIMIT = 64 * 1024;

/** One line of the journal; null when it is none. */
export function parseEntry(line: string): JournalEntry | null {
  if (line.length > LINE_LIMIT) return null;
  try {
    const parsed = entrySchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** What a journal says, entry by entry. */
export interface Ownership {
  /** As of the last entry that was taken. */
  readonly owned: Owned;
  take(entry: JournalEntry): void;
}

/**
 * What a call makes is owned from the moment that the call may have begun, because passcheck can be killed in between; what it
 * removes, until it was seen to be gone. A call that libvirt refused changes nothing.
 */
function ownership(): Ownership {
  const pools = followed<string>();
  const volumes = followed<OwnedVolume>();
  return {
    owned: { pools: pools.owned, volumes: volumes.owned },
    take({ step, state, subject, owner, pool }) {
      if (subject === null) return;
      switch (step) {
        case 'define-pool':
        case 'own-pool':
          return pools.make(subject, state, owner);
        case 'undefine-pool':
          return pools.remove(subject, state);
        case 'create-volume':
        case 'recreate-volume':
        case 'own-volume':
          return volumes.make(subject, state, { owner, pool: pool ?? '', state: state === 'done' ? 'made' : 'begun' });
        case 'delete-volume':
          return volumes.remove(subject, state);
        default:
          return undefined;
      }
    },
  };
}

/** {@link ownership} after these entries. */
export function ownershipAfter(entries: readonly JournalEntry[]): Ownership {
  const known = ownership();
  for (const entry of entries) known.take(entry);
  return known;
}

interface Followed<Value> {
  readonly owned: ReadonlyMap<string, Value>;
  make(subject: string, state: JournalEntry['state'], value: Value): void;
  remove(subject: string, state: JournalEntry['state']): void;
}

function followed<Value>(): Followed<Value> {
  const owned = new Map<string, Value>();
  /** What was owned before the call that was begun last. */
  const before = new Map<string, Value | undefined>();
  return {
    owned,
    make(subject, state, value) {
      if (state === 'begun') before.set(subject, owned.get(subject));
      const now = state === 'failed' ? before.get(subject) : value;
      if (now === undefined) owned.delete(subject);
      else owned.set(subject, now);
    },
    remove(subject, state) {
      if (state === 'done') owned.delete(subject);
    },
  };
}
