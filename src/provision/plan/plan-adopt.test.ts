import { describe, expect, it } from 'vitest';

import {
  applied,
  desired,
  domain,
  GiB,
  liveDomain,
  liveNetwork,
  liveVolume,
  network,
  oneOfEach,
  ownedBy,
  remarks,
  request,
  uuid,
  world,
} from '../../../test/plan-world.ts';
import type { Desired } from '../desired.ts';
import type { World } from '../world.ts';
import type { Plan } from './model.ts';
import { type AdoptRequest, planAdopt } from './plan-adopt.ts';

function adopted(spec: Desired, live: Partial<World>, given: Partial<AdoptRequest> = {}): Plan {
  return planAdopt({ ...request({ desired: spec, world: world(live) }), names: [], ...given });
}

/** As `applied` has it, made by nobody. */
function unmarked(spec: Desired): World {
  return {
    ...applied(spec),
    networks: spec.networks.map((one) => liveNetwork(one, { owner: null })),
    domains: spec.domains.map((one) => liveDomain(one, { owner: null })),
  };
}

const steps = ({ actions }: Plan): readonly string[] => actions.map(({ object, step }) => `${object.name}: ${step.do}`);

describe('adopt', () => {
  const spec = oneOfEach();

  it('takes over what is there by marks and by remembering, and changes nothing else', () => {
    const plan = adopted(spec, unmarked(spec));
    expect(steps(plan)).toEqual(['lab-net: define-network', 'homelab: own-pool', 'dc01: own-volume', 'DC01: define-domain']);
    expect(remarks(plan)).toEqual([]);
    const step = plan.actions[3]?.step;
    const before = liveDomain(domain(), { owner: null }).inactive;
    expect(step).toMatchObject({ do: 'define-domain', uuid: uuid(4), replaces: before });
    const xml = step !== undefined && 'xml' in step ? step.xml : '';
    expect(xml.replace(/\s*<metadata>.*<\/metadata>/s, '')).toBe(before);
    expect(xml).toContain("owner='lab'");
  });

  it('says what the next apply changes then', () => {
    const smaller = liveDomain(domain({ memoryKiB: 4 * 1024 * 1024, uuid: uuid(50), macs: ['52:54:00:99:99:99'] }), { owner: null });
    const plan = adopted(spec, { ...unmarked(spec), domains: [smaller] }, { names: ['DC01'] });
    expect(steps(plan)).toEqual(['DC01: define-domain']);
    expect(remarks(plan)).toEqual(['note: the next apply: memory 4 GiB → 8 GiB']);
  });

  it('says what the next apply will not do', () => {
    const larger = [liveVolume({ capacityBytes: 80 * GiB })];
    const plan = adopted(spec, { ...unmarked(spec), volumes: larger }, { names: ['dc01'] });
    expect(steps(plan)).toEqual(['dc01: own-volume']);
    expect(remarks(plan)).toEqual([expect.stringContaining('note: the next apply is refused: /pools/homelab/dc01.qcow2 has 80 GiB')]);
  });

  it('says that the next apply would give a VM an empty disk, and does not', () => {
    const byHand = liveDomain(domain({ disks: ['/images/hand.qcow2'] }), { owner: null });
    const plan = adopted(spec, { ...unmarked(spec), volumes: [], domains: [byHand] }, { names: ['DC01'] });
    expect(remarks(plan)).toEqual([
      expect.stringContaining('note: the next apply is refused: disk vda is /images/hand.qcow2, and would become'),
    ]);
  });

  it('of what is of the spec already does nothing', () => {
    expect(adopted(spec, applied(spec), { owned: ownedBy(spec) })).toMatchObject({ actions: [], notes: [], refused: [] });
    expect(remarks(adopted(spec, applied(spec), { owned: ownedBy(spec), names: ['DC01'] }))).toEqual(['note: it is of this spec already']);
  });

  it('takes nothing from another spec', () => {
    const live = { domains: [liveDomain(domain(), { owner: 'office' })] };
    expect(remarks(adopted(spec, live))).toEqual(['note: not taken over: it belongs to the spec office']);
    expect(remarks(adopted(spec, live, { names: ['DC01'] }))).toEqual(['refused: not taken over: it belongs to the spec office']);
  });

  it('knows only names of the spec, and of what is there', () => {
    expect(adopted(spec, unmarked(spec), { names: ['win11'] }).refused).toMatchObject([{ message: 'the spec has no object win11' }]);
    expect(adopted(spec, {}, { names: ['DC01'] }).refused).toMatchObject([
      { message: 'DC01 is not there, so there is nothing to take over' },
    ]);
  });

  it('of a definition that nobody can read is refused', () => {
    const live = { networks: [liveNetwork(network(), { inactive: '<network' })] };
    expect(remarks(adopted(desired({ networks: [network()] }), live, { names: ['lab-net'] }))).toEqual([
      'refused: not taken over: its definition could not be read',
    ]);
  });
});
