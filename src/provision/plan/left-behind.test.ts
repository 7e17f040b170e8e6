import { describe, expect, it } from 'vitest';
import { plan } from '../../../test/plan-steps.ts';
import { applied, desired, liveNetwork, network, ownedBy, pool, uuid } from '../../../test/plan-world.ts';
import { removal } from '../../../test/removals.ts';
import { planDestroy } from './plan-destroy.ts';

describe('what was made from a spec and is no longer in it', () => {
  it('stays, and that is told, also where there is nothing to do', () => {
    const users = [
      { domain: 'b', isActive: false, disks: [], owner: 'lab' },
      { domain: 'c', isActive: false, disks: [], owner: 'office' },
      { domain: 'd', isActive: false, disks: [] },
    ];
    const networks = [liveNetwork(), liveNetwork(network({ name: 'foreign', uuid: uuid(8) }), { owner: null })];
    const left = plan(desired(), { users, networks });
    expect(left).toMatchObject({ actions: [], pending: [], refused: [] });
    const message = 'was made from this spec and is no longer in it: it stays';
    expect(left.notes).toEqual([
      { object: { kind: 'domain', name: 'b' }, message, fix: 'passcheck prune SPEC' },
      { object: { kind: 'network', name: 'lab-net' }, message, fix: 'passcheck prune SPEC' },
    ]);
  });
});

describe('destroying a pool with the disk of a VM that is no longer in the spec', () => {
  it('is refused, and names prune', () => {
    const spec = desired({ pools: [pool()] });
    const users = [{ domain: 'b', isActive: false, disks: ['/pools/homelab/b.qcow2'], owner: 'lab' }];
    const refused = planDestroy({ ...removal(spec, { ...applied(spec), users }, { owned: ownedBy(spec) }), names: [] });
    expect(refused.refused).toMatchObject([{ fix: expect.stringContaining('passcheck prune SPEC') }]);
  });
});
