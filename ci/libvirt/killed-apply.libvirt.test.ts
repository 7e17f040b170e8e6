import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { counted, type Found, found, killsAround, makeAgain, makeLab, MAKING } from './killed-lab.ts';
import { guestData } from './lab.ts';
import { demanded, type Libvirtd, missingTools, startLibvirtd } from './libvirtd.ts';

const obstacle = missingTools();
if (obstacle !== null) console.warn(`a killed apply on a real libvirtd skipped: ${obstacle}`);

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

  it.each(killsAround(MAKING))('$when its $of $call is brought to its end by the next, and nothing is lost', async (kill) => {
    await makeAgain(host);
    const killed = await host.passcheck(['apply', 'lab.yaml'], { kill });
    expect(killed.exitCode).toBe(137);
    expect((await guestData(host)).split('\n')).toEqual(expect.arrayContaining(before.data.split('\n')));
    expect(await host.passcheck(['apply', 'lab.yaml'])).toMatchObject({ exitCode: 0 });
    expect(await found(host)).toEqual(whole);
  });
});
