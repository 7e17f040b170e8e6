import { describe, expect, it } from 'vitest';
import { steps } from '../../../test/plan-steps.ts';
import {
  desired,
  domain,
  liveDomain,
  liveNetwork,
  livePool,
  network,
  oneOfEach,
  ownedBy,
  pool,
  remarks,
  uuid,
} from '../../../test/plan-world.ts';
import { destroyed } from '../../../test/removals.ts';
import type { LiveNetwork } from '../world.ts';

describe('destroy', () => {
  const spec = oneOfEach();

  it('takes everything away in the reverse order, and keeps what holds data', () => {
    const plan = destroyed(spec);
    expect(steps(plan)).toEqual([
      'DC01: undefine-domain',
      'homelab: stop-pool',
      'homelab: undefine-pool',
      'lab-net: stop-network',
      'lab-net: undefine-network',
    ]);
    expect(plan).toMatchObject({ command: 'destroy', source: null, refused: [] });
    expect(remarks(plan)).toEqual([
      'note: the disks dc01 stay, with what they hold',
      'note: its folder /pools/homelab stays, with what is in it',
    ]);
  });

  it('of nothing that is there does nothing', () => {
    const nothing = { networks: [], pools: [], volumes: [], domains: [], users: [] };
    expect(destroyed(spec, nothing)).toMatchObject({ actions: [], refused: [], notes: [] });
  });

  it('lets a guest that runs shut down first', () => {
    const plan = destroyed(spec, { domains: [liveDomain(domain(), { isActive: true })] });
    expect(plan.actions[0]?.step).toEqual({ do: 'shut-down-domain', uuid: uuid(4), timeoutMs: 120_000 });
    expect(steps(plan)[1]).toBe('DC01: undefine-domain');
  });

  it('of what libvirt forgets anyway when it stops only stops it', () => {
    const live = {
      domains: [liveDomain(domain(), { isActive: true, isTransient: true })],
      networks: [liveNetwork(network(), { isTransient: true })],
    };
    expect(steps(destroyed(desired({ networks: [network()], domains: [domain()] }), live))).toEqual([
      'DC01: shut-down-domain',
      'lab-net: stop-network',
    ]);
  });

  it('of a guest that cannot shut down is refused', () => {
    const plan = destroyed(spec, { domains: [liveDomain(domain(), { isActive: true, state: 'paused' })] });
    expect(plan.refused).toMatchObject([{ message: 'it is paused, so its guest cannot shut down' }]);
  });

  it('of a saved VM is refused: what it had in memory would be lost', () => {
    expect(destroyed(spec, { domains: [liveDomain(domain(), { hasManagedSave: true })] }).refused).toMatchObject([
      { message: expect.stringContaining('managed save') },
    ]);
  });

  it('of a VM with snapshots wants to be told to forget them', () => {
    const live = { domains: [liveDomain(domain(), { snapshots: ['a', 'b'] })] };
    expect(destroyed(spec, live).refused).toMatchObject([{ message: 'it has snapshots (a and b), of which only libvirt knows' }]);
    const told = destroyed(spec, live, { forgetSnapshots: true });
    expect(told.actions[0]?.step).toMatchObject({ do: 'undefine-domain', snapshotsMetadata: true });
    expect(remarks(told)[0]).toBe('note: libvirt forgets its snapshots (a and b); what they hold stays in the files of the disks');
  });

  it('of one name takes that object alone', () => {
    expect(steps(destroyed(spec, {}, { names: ['DC01'] }))).toEqual(['DC01: undefine-domain']);
    expect(steps(destroyed(spec, {}, { names: ['lab-net'] }))).toEqual(['lab-net: stop-network', 'lab-net: undefine-network']);
  });

  it('of a name that nothing has is refused', () => {
    expect(destroyed(spec, {}, { names: ['DC1'] }).refused).toEqual([
      { object: null, message: 'the spec has no object DC1', fix: 'Did you mean DC01?' },
    ]);
    expect(destroyed(spec, {}, { deleteDisks: ['dc02'] }).refused).toMatchObject([{ message: 'the spec has no volume dc02' }]);
  });

  it('leaves what is not of the spec alone; named, that is refused', () => {
    const live = { domains: [liveDomain(domain(), { owner: null })], networks: [liveNetwork(network(), { owner: 'office' })] };
    const plan = destroyed(spec, { ...live, users: [] });
    expect(steps(plan)).toEqual(['homelab: stop-pool', 'homelab: undefine-pool']);
    expect(remarks(plan)).toContain('note: left alone: passcheck did not make it');
    expect(remarks(plan)).toContain('note: left alone: it belongs to the spec office');
    expect(remarks(destroyed(spec, live, { names: ['DC01'] }))).toEqual(['refused: left alone: passcheck did not make it']);
  });
});

function connected(count: number): LiveNetwork {
  const live = liveNetwork();
  return { ...live, live: live.inactive.replace('<network>', `<network connections='${count}'>`) };
}

describe('a network to destroy', () => {
  const spec = desired({ networks: [network()], domains: [domain()] });
  const runs = liveDomain(domain(), { isActive: true });

  it('to which only the VMs are connected that go, too, goes', () => {
    expect(steps(destroyed(spec, { networks: [connected(1)], domains: [runs] }))).toContain('lab-net: undefine-network');
  });

  it('to which others are connected stays', () => {
    const refused = destroyed(spec, { networks: [connected(3)], domains: [runs] });
    expect(remarks(refused)).toEqual(['refused: 2 interfaces of running VMs that stay are connected to it']);
    expect(remarks(destroyed(spec, { networks: [connected(1)], domains: [runs] }, { names: ['lab-net'] }))).toEqual([
      'refused: 1 interface of running VMs that stay is connected to it',
    ]);
  });

  it('of which nobody can tell who is connected stays', () => {
    expect(remarks(destroyed(spec, { networks: [liveNetwork(network(), { live: null })] }))).toEqual([
      'refused: could not look who is connected to it',
    ]);
  });
});

describe('a pool to destroy', () => {
  const spec = desired({ pools: [pool()] });

  it('with disks of a VM that stays, stays', () => {
    const users = [{ domain: 'win11', isActive: false, disks: ['/pools/homelab/w.qcow2'] }];
    expect(remarks(destroyed(spec, { users }))).toEqual(['refused: disks of win11 are in it']);
    const beside = [{ domain: 'win11', isActive: false, disks: ['/pools/homelab-old/w.qcow2'] }];
    expect(steps(destroyed(spec, { users: beside }))).toContain('homelab: undefine-pool');
  });

  it('with volumes of another spec stays', () => {
    const owned = {
      pools: ownedBy(spec).pools,
      volumes: new Map([['/pools/homelab/x', { owner: 'office', pool: 'homelab', state: 'made' as const }]]),
    };
    expect(remarks(destroyed(spec, {}, { owned }))).toEqual(['refused: volumes of the spec office are in it']);
  });

  it('that does not run is only taken out', () => {
    expect(steps(destroyed(spec, { pools: [livePool(pool(), { isActive: false })] }))).toEqual(['homelab: undefine-pool']);
  });
});
