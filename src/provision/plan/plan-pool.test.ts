import { describe, expect, it } from 'vitest';
import { plan, steps } from '../../../test/plan-steps.ts';
import { desired, file, livePool, look, ownedBy, pool, remarks, uuid } from '../../../test/plan-world.ts';

describe('a pool', () => {
  const spec = desired({ pools: [pool()] });

  it('whose folder is there gets none made', () => {
    const files = new Map([['/pools/homelab', file({ kind: 'directory' })]]);
    expect(steps(plan(spec, {}, { look: look({ files }), owned: ownedBy(desired()) }))).not.toContain('homelab: build-pool');
  });

  it('of passcheck that does not run is started', () => {
    expect(steps(plan(spec, { pools: [livePool(pool(), { isActive: false, autostart: false })] }))).toEqual([
      'homelab: build-pool',
      'homelab: start-pool',
      'homelab: autostart-pool',
    ]);
  });

  it('of passcheck stays where it is', () => {
    const refused = plan(desired({ pools: [pool({ path: '/new' })] }), { pools: [livePool()] });
    expect(remarks(refused)).toEqual(['refused: it is at /pools/homelab, and passcheck moves no volumes to /new']);
    const other = desired({ pools: [pool({ uuid: uuid(9) })] });
    const given = plan(other, { pools: [livePool()] }, { owned: ownedBy(desired({ pools: [pool()] })) });
    expect(remarks(given)).toEqual([`refused: its UUID is ${uuid(2)}, and libvirt gives no pool another`]);
  });

  it('of others is used as it is, as long as it fits and runs', () => {
    const foreign = { owned: ownedBy(desired()) };
    expect(plan(spec, { pools: [livePool()] }, foreign)).toMatchObject({
      actions: [],
      refused: [],
      notes: [{ message: 'not made by passcheck, used as it is' }],
    });
    expect(plan(spec, { pools: [livePool(pool(), { isActive: false })] }, foreign).refused).toMatchObject([
      { fix: expect.stringContaining('virsh -c qemu:///system pool-start homelab') },
    ]);
    expect(plan(spec, { pools: [livePool(pool({ path: '/elsewhere' }))] }, foreign).refused).toMatchObject([
      { message: 'a pool of that name is there at /elsewhere, and passcheck did not make it' },
    ]);
  });

  it('of another spec is used as it is, and refused only where it differs or does not run', () => {
    const owned = { pools: new Map([[uuid(2), 'office']]), volumes: new Map() };
    const used = plan(spec, { pools: [livePool(pool(), { autostart: false })] }, { owned });
    expect(steps(used)).toEqual([]);
    expect(remarks(used)).toEqual(['note: belongs to the spec office, used as it is']);
    for (const live of [livePool(pool(), { isActive: false }), livePool(pool({ path: '/elsewhere' }))]) {
      expect(remarks(plan(spec, { pools: [live] }, { owned }))).toEqual(['refused: it belongs to the spec office']);
    }
  });

  it('in the folder of another pool is refused', () => {
    const rival = livePool(pool({ name: 'images', uuid: uuid(77) }));
    expect(remarks(plan(spec, { pools: [rival] }, { owned: ownedBy(desired()) }))).toEqual([
      'refused: its folder /pools/homelab is that of the pool images',
    ]);
  });
});
