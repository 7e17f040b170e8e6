import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Found, found, makeAgain, makeLab, MAKING, REMOVING } from './killed-lab.ts';
import { guestData } from './lab.ts';
import { demanded, type Libvirtd, missingTools, startLibvirtd } from './libvirtd.ts';

const obstacle = missingTools();
if (obstacle !== null) console.warn(`a killed passcheck on a real libvirtd skipped: ${obstacle}`);

const kills = (calls: Readonly<Record<string, number>>): { when: 'before' | 'after'; call: number; of: string }[] =>
  Object.entries(calls).flatMap(([of, count]) =>
    Array.from({ length: count }, (_, index) => index + 1).flatMap((call) => [
      { when: 'before', call, of },
      { when: 'after', call, of },
    ]),
  );

/** How many calls of each name there are. */
function counted(writes: readonly string[]): Record<string, number> {
  const names = writes.map((call) => call.split(' ')[1] ?? '');
  return Object.fromEntries(names.map((name) => [name, names.filter((other) => other === name).length]));
}

describe.skipIf(obstacle !== null)('an apply that is killed', () => {
  let host: Libvirtd;
  let before: Found;
  let whole: Found;
  let calls: Record<string, number>;
  beforeAll(async () => {
    host = await startLibvirtd();
    await makeLab(host);
    before = await found(host);
    const applied = await host.passcheck(['apply', 'lab.yaml']);
    demanded(applied);
    calls = counted(applied.writes);
    whole = await found(host);
  });
  afterAll(() => host?.dispose());

  it('makes these calls', () => {
    expect(calls).toEqual(MAKING);
  });

  it.each(kills(MAKING))('$when its $of $call is brought to its end by the next, and nothing is lost', async (kill) => {
    await makeAgain(host);
    const killed = await host.passcheck(['apply', 'lab.yaml'], { kill });
    expect(killed.exitCode).toBe(137);
    expect((await guestData(host)).split('\n')).toEqual(expect.arrayContaining(before.data.split('\n')));
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0 });
    expect(await found(host)).toEqual(whole);
  });
});

describe.skipIf(obstacle !== null)('a destroy that is killed', () => {
  let host: Libvirtd;
  let whole: Found;
  let calls: Record<string, number>;
  const destroy = ['destroy', 'lab.yaml', '--yes', '--delete-disks', 'fresh'];
  beforeAll(async () => {
    host = await startLibvirtd();
    await makeLab(host);
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    const destroyed = await host.passcheck(destroy);
    demanded(destroyed);
    calls = counted(destroyed.writes);
    whole = await found(host);
  });
  afterAll(() => host?.dispose());

  it('makes these calls', () => {
    expect(calls).toEqual(REMOVING);
  });

  it.each(kills(REMOVING))('$when its $of $call is brought to its end by the next, and nothing else is lost', async (kill) => {
    await makeAgain(host);
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    const killed = await host.passcheck(destroy, { kill });
    expect(killed.exitCode).toBe(137);
    expect((await guestData(host)).split('\n')).toEqual(expect.arrayContaining(whole.data.split('\n')));
    expect(await host.passcheck(destroy)).toMatchObject({ exitCode: 0 });
    expect(await found(host)).toEqual(whole);
  });
});
