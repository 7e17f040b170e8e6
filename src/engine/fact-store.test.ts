import { describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { FactError } from '../facts/fact-error.ts';
import { defineFact, type Effect } from '../facts/fact.ts';
import { memoryHost } from '../host/memory.ts';
import { createFactStore } from './fact-store.ts';

function store(allow: readonly Effect[] = []) {
  return createFactStore({ host: memoryHost({}), context: { config: DEFAULT_CONFIG }, allow, now: () => 0 });
}

const good = defineFact({ id: 'good', collect: () => 1 });
const bad = defineFact({
  id: 'bad',
  collect(): number {
    throw new FactError({ source: '/file', reason: 'permission denied' });
  },
});

describe('createFactStore', () => {
  it('collects a fact once, however many need it', async () => {
    let collected = 0;
    const counted = defineFact({ id: 'counted', collect: () => ++collected });
    const user = (id: string) => defineFact({ id, needs: { counted }, collect: (_host, facts) => facts.counted });
    const facts = store();
    expect(await Promise.all([facts.get(user('a')), facts.get(user('b')), facts.get(counted)])).toEqual(
      [1, 1, 1].map((value) => ({ ok: true, value })),
    );
    expect(collected).toBe(1);
  });

  it("makes a needed fact's failure this fact's failure, and a wanted one's an attempt", async () => {
    const needing = defineFact({ id: 'needing', needs: { bad }, collect: () => 2 });
    const wanting = defineFact({ id: 'wanting', needs: { good }, wants: { bad }, collect: (_host, facts) => [facts.good, facts.bad.ok] });
    expect(await store().get(needing)).toMatchObject({ ok: false, error: { source: '/file' } });
    expect(await store().get(wanting)).toEqual({ ok: true, value: [1, false] });
  });

  it('refuses a collector with effects unless the command allows it', async () => {
    const starts = defineFact({ id: 'starts', effects: ['runs-vm'], collect: () => 'started' });
    expect(await store().get(starts)).toMatchObject({ ok: false, error: { reason: expect.stringContaining('runs-vm') } });
    expect(await store(['runs-vm']).get(starts)).toEqual({ ok: true, value: 'started' });
  });

  it('lets a bug through, with the name of the fact', async () => {
    const broken = defineFact({
      id: 'broken',
      collect(): number {
        throw new TypeError('x is undefined');
      },
    });
    await expect(store().get(broken)).rejects.toThrow('fact broken broke');
  });

  it('tells how each collection went, sorted', async () => {
    const facts = store();
    await Promise.all([facts.get(good), facts.get(bad)]);
    expect(facts.timings()).toEqual([
      { id: 'bad', status: 'error', ms: 0 },
      { id: 'good', status: 'ok', ms: 0 },
    ]);
  });
});
