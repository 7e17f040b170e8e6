import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ownershipAfter, parseEntry } from './journal.ts';
import type { JournalEntry } from './model.ts';

const PATH = '/pool/dc01.qcow2';
const ENTRY: JournalEntry = {
  at: '2026-11-20T19:00:00.000Z',
  run: 'one',
  owner: 'lab',
  command: 'apply',
  object: { kind: 'volume', name: 'dc01' },
  step: 'create-volume',
  state: 'begun',
  subject: PATH,
  pool: 'homelab',
  message: null,
};

function after(...entries: readonly Partial<JournalEntry>[]) {
  const { owned } = ownershipAfter(entries.map((entry) => ({ ...ENTRY, ...entry })));
  return { volume: owned.volumes.get(PATH), pools: Object.fromEntries(owned.pools) };
}

describe('what a journal says of ownership', () => {
  it('a volume is begun until its making was seen to end', () => {
    expect(after({}).volume).toEqual({ owner: 'lab', pool: 'homelab', state: 'begun' });
    expect(after({}, { state: 'done' }).volume?.state).toBe('made');
  });

  it('what libvirt refused to make was never owned', () => {
    expect(after({}, { state: 'failed' }).volume).toBeUndefined();
  });

  it('a volume whose making was cut off stays begun when the next try is refused', () => {
    expect(after({}, {}, { state: 'failed' }).volume?.state).toBe('begun');
  });

  it('an adopted volume belongs to who adopted it', () => {
    expect(after({ step: 'own-volume', state: 'done', owner: 'other' }).volume).toEqual({ owner: 'other', pool: 'homelab', state: 'made' });
  });

  it('a volume that is being deleted is owned until it is gone', () => {
    const made = { state: 'done' } as const;
    expect(after(made, { step: 'delete-volume' }).volume?.state).toBe('made');
    expect(after(made, { step: 'delete-volume' }, { step: 'delete-volume', state: 'failed' }).volume?.state).toBe('made');
    expect(after(made, { step: 'delete-volume' }, { step: 'delete-volume', state: 'done' }).volume).toBeUndefined();
  });

  it('a pool is owned by its UUID, and a refused change of it takes nothing away', () => {
    const pool = { object: { kind: 'pool', name: 'homelab' }, step: 'define-pool', subject: 'uuid-1', pool: null } as const;
    expect(after(pool).pools).toEqual({ 'uuid-1': 'lab' });
    expect(after(pool, { ...pool, state: 'done' }, pool, { ...pool, state: 'failed' }).pools).toEqual({ 'uuid-1': 'lab' });
    expect(after(pool, { ...pool, step: 'undefine-pool', state: 'done' }).pools).toEqual({});
  });

  it('growing, starting and the like change nothing', () => {
    expect(after({ step: 'grow-volume', state: 'done' }).volume).toBeUndefined();
    expect(after({ step: 'constructor', state: 'done' }).volume).toBeUndefined();
  });
});

describe('a line of the journal', () => {
  it('is an entry when it has all that one has', () => {
    expect(parseEntry(JSON.stringify(ENTRY))).toEqual(ENTRY);
    expect(parseEntry(JSON.stringify({ ...ENTRY, state: 'maybe' }))).toBeNull();
    expect(parseEntry(JSON.stringify({ ...ENTRY, subject: 7 }))).toBeNull();
    expect(parseEntry(JSON.stringify(ENTRY).slice(0, -1))).toBeNull();
    expect(parseEntry('null')).toBeNull();
  });

  it('is none when it is longer than anything that passcheck writes', () => {
    expect(parseEntry(JSON.stringify({ ...ENTRY, message: 'x'.repeat(70_000) }))).toBeNull();
  });

  it('is an entry or none, whatever stands there', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        const entry = parseEntry(line);
        if (entry !== null) ownershipAfter([entry]);
      }),
    );
  });
});
