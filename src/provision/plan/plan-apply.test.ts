import { describe, expect, it } from 'vitest';
import { plan, steps } from '../../../test/plan-steps.ts';
import { applied, desired, domain, liveNetwork, look, network, oneOfEach, ownedBy, pool, uuid, volume } from '../../../test/plan-world.ts';
import { planSchema } from './model.ts';

describe('a plan', () => {
  it('makes everything of a spec that is nowhere, each before what needs it', () => {
    const made = plan(oneOfEach(), {}, { owned: ownedBy(desired()) });
    expect(steps(made)).toEqual([
      'lab-net: define-network',
      'lab-net: start-network',
      'lab-net: autostart-network',
      'homelab: define-pool',
      'homelab: build-pool',
      'homelab: start-pool',
      'homelab: autostart-pool',
      'dc01: create-volume',
      'DC01: define-domain',
    ]);
    expect(made).toMatchObject({ refused: [], pending: [], notes: [], spec: 'lab', host: 'host-1', source: 'name: lab\n' });
    expect(planSchema.parse(made)).toEqual(made);
  });

  it('has nothing to do when everything is there', () => {
    const spec = oneOfEach();
    expect(plan(spec, applied(spec))).toMatchObject({ actions: [], pending: [], refused: [], notes: [] });
  });

  it('is the same for the same world, byte by byte', () => {
    const spec = oneOfEach();
    expect(JSON.stringify(plan(spec))).toBe(JSON.stringify(plan(oneOfEach())));
  });

  it('of what was cut off goes on where that ended', () => {
    const spec = oneOfEach();
    const there = applied(spec);
    const cut = plan(spec, { networks: [liveNetwork(network(), { isActive: false, live: null, autostart: false })], pools: there.pools });
    expect(steps(cut)).toEqual(['lab-net: start-network', 'lab-net: autostart-network', 'dc01: create-volume', 'DC01: define-domain']);
  });

  it('of 1,000 VMs of which each has changed is made', () => {
    const domains = Array.from({ length: 1000 }, (_, index) => domain({ name: `vm${index}`, uuid: uuid(index), macs: [] }));
    const before = applied(desired({ domains }));
    const spec = desired({ domains: domains.map((one) => domain({ name: one.name, uuid: one.uuid, macs: [], memoryKiB: 1024 ** 2 })) });
    const { actions } = plan(spec, before);
    expect(actions).toHaveLength(1000);
    expect(actions[999]).toMatchObject({ object: { name: 'vm999' }, summary: 'memory 8 GiB → 1 GiB' });
  });
});

describe('what is missing on the host', () => {
  it('refuses what is to be made, and is a note once it is there', () => {
    const spec = desired({ domains: [domain()], volumes: [volume()], pools: [pool()] });
    const bare = { look: look({ swtpm: { state: 'absent' } }) };
    expect(plan(spec, {}, bare).refused).toMatchObject([{ message: expect.stringContaining('swtpm is not installed') }]);
    expect(plan(spec, applied(spec), bare)).toMatchObject({
      actions: [],
      refused: [],
      notes: [{ message: expect.stringContaining('swtpm') }],
    });
  });
});
