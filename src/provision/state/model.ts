import type { Plan, PlannedObject } from '../plan/model.ts';

/** What passcheck remembers of a connection, beside the marks in libvirt's definitions. Pools and volumes have no place for a mark. */
export interface Owned {
  /** UUIDs of pools → the spec that they belong to. */
  readonly pools: ReadonlyMap<string, string>;
  /** By path. */
  readonly volumes: ReadonlyMap<string, OwnedVolume>;
}

export interface OwnedVolume {
  /** The spec that it belongs to. */
  readonly owner: string;
  readonly pool: string;
  /** `begun`: its making was never seen to end, so nothing used it. */
  readonly state: 'begun' | 'made';
}

/** A line of the journal. It is written before a call (`begun`) and after it. */
export interface JournalEntry {
  readonly at: string;
  /** Of the run. */
  readonly run: string;
  readonly owner: string;
  readonly command: Plan['command'];
  readonly object: PlannedObject;
  readonly step: string;
  readonly state: 'begun' | 'done' | 'failed';
  /** The UUID of a pool, the path of a volume. */
  readonly subject: string | null;
  readonly pool: string | null;
  readonly message: string | null;
}

/** The state of one connection while a command changes it: nobody else has it. */
export interface StateSession {
  readonly owned: Owned;
  /** Appends; what decides over ownership, and what begins, is on the disk when it returns. `owned` has it then. */
  record(entry: Omit<JournalEntry, 'at' | 'run'>): void;
  /** Keeps a definition before it is replaced or removed; gives the path. */
  backup(object: PlannedObject, uuid: string, xml: string): string;
  /** The definitions of an object that were kept, the newest first. */
  backups(kind: PlannedObject['kind'], uuid: string): readonly string[];
  /** A file of XML for virsh, readable by this user alone; it is gone when the session ends. */
  draft(xml: string): string;
  close(): Promise<void>;
}
