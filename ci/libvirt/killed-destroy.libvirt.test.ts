import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { counted, type Found, found, killsAround, makeAgain, makeLab, REMOVING } from './killed-lab.ts';
import { guestData } from './lab.ts';
import { demanded, type Libvirtd, missingTools, startLibvirtd } from './libvirtd.ts';

const obstacle = missingTools();
if (obstacle !== null) console.warn(`a killed destroy on a real libvirtd skipped: ${obstacle}`);

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

  it.each(killsAround(REMOVING))('$when its $of $call is brought to its end by the next, and nothing else is lost', async (kill) => {
    await makeAgain(host);
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    const killed = await host.passcheck(destroy, { kill });
    expect(killed.exitCode).toBe(137);
    expect((await guestData(host)).split('\n')).toEqual(expect.arrayContaining(whole.data.split('\n')));
    expect(await host.passcheck(destroy)).toMatchObject({ exitCode: 0 });
    expect(await found(host)).toEqual(whole);
  });

  it.each(killsAround({ undefine: 2, 'vol-delete': 3 }))('$when its $of $call leaves nothing when all is named', async (kill) => {
    await makeAgain(host);
    demanded(await host.passcheck(['apply', 'lab.yaml']));
    const all = ['destroy', 'lab.yaml', '--yes', '--delete-disks', 'all', '--delete-nvram', '--delete-tpm'];
    expect((await host.passcheck(all, { kill })).exitCode).toBe(137);
    expect(await host.passcheck(all)).toMatchObject({ exitCode: 0 });
    expect(await found(host)).toEqual({ definitions: '', data: '' });
  });
});
