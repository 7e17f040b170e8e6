import { describe, expect, it } from 'vitest';

import { unreadable } from '../../host/reading.ts';
import { desired, domain, file, GiB, liveVolume, look, owned, remarks, request, uuid, volume, world } from '../../../test/plan-world.ts';
import type { DesiredVolume } from '../desired.ts';
import type { LiveDomain, World } from '../world.ts';
import type { Part } from './part.ts';
import { planVolume } from './plan-volume.ts';
import { planContext, type PlanRequest } from './request.ts';

const PATH = '/pools/homelab/dc01.qcow2';
const OWN = owned({ volumes: { [PATH]: 'made' } });
const POOL = { name: 'homelab', uuid: uuid(2), isActive: true, autostart: true, inactive: '', path: '/pools/homelab', availableBytes: GiB };

function planned(live: Partial<World>, given: Partial<PlanRequest> = {}, wanted: DesiredVolume = volume()): Part {
  const spec = desired({ volumes: [wanted], domains: [domain()] });
  return planVolume(wanted, planContext(request({ desired: spec, world: world({ pools: [POOL], ...live }), ...given })));
}

function steps({ actions }: Part): readonly string[] {
  return actions.map(({ step }) => step.do);
}

function guest(given: Partial<LiveDomain> = {}): LiveDomain {
  const state = given.isActive === true ? 'running' : 'shut off';
  return {
    name: 'DC01',
    uuid: uuid(44),
    isActive: false,
    autostart: false,
    inactive: '',
    live: null,
    state,
    hasManagedSave: false,
    snapshots: [],
    ...given,
  };
}

describe('a volume that is not there', () => {
  it('is created, with everything that libvirt needs', () => {
    expect(planned({})).toMatchObject({
      actions: [
        {
          object: { kind: 'volume', name: 'dc01' },
          verb: 'create',
          summary: '60 GiB, qcow2',
          step: { do: 'create-volume', pool: 'homelab', volume: 'dc01.qcow2', path: PATH, xml: expect.stringContaining('<volume>') },
        },
      ],
      refused: [],
      notes: [],
    });
  });

  it('but its file is, in a pool that does not run: nothing is made, and what it is shows later', () => {
    const part = planned({ pools: [] }, { look: look({ files: new Map([[PATH, file()]]) }) });
    expect(steps(part)).toEqual([]);
    expect(remarks(part)).toEqual([
      `note: ${PATH} is there already and is used with what it holds; its size and format show when the pool homelab runs`,
    ]);
  });

  it('but its file is, and passcheck made it: that is as it should be', () => {
    expect(planned({ pools: [] }, { look: look({ files: new Map([[PATH, file()]]) }), owned: OWN })).toMatchObject({
      actions: [],
      notes: [],
    });
  });

  it('but something else is at its path: refused', () => {
    const part = planned({}, { look: look({ files: new Map([[PATH, file({ kind: 'directory' })]]) }) });
    expect(remarks(part)).toEqual([`refused: ${PATH} is there, and libvirt does not take it for a volume of the pool homelab`]);
  });

  it('where nobody may look: it is created, and said that nobody looked', () => {
    const part = planned({}, { look: look({ files: new Map([[PATH, unreadable('denied', 'Permission denied')]]) }) });
    expect(steps(part)).toEqual(['create-volume']);
    expect(remarks(part)).toEqual([expect.stringContaining('note: could not look whether')]);
  });
});

describe('a volume of passcheck', () => {
  it('that is as wanted needs nothing, and is not spoken of', () => {
    expect(planned({ volumes: [liveVolume()] }, { owned: OWN })).toEqual({ actions: [], pending: [], refused: [], notes: [] });
  });

  it('that is smaller grows, in libvirt while its VM is off', () => {
    const part = planned(
      {
        volumes: [liveVolume({ capacityBytes: 40 * GiB })],
        domains: [guest()],
        users: [{ domain: 'DC01', isActive: false, disks: [PATH] }],
      },
      { owned: OWN },
    );
    expect(part.actions).toMatchObject([
      { verb: 'change', summary: 'size 40 GiB → 60 GiB', step: { do: 'grow-volume', toBytes: 60 * GiB }, changes: [{ effect: 'now' }] },
    ]);
  });

  it('that is smaller grows through its VM while that runs', () => {
    const live = { domains: [guest({ isActive: true })], users: [{ domain: 'DC01', isActive: true, disks: [PATH] }] };
    const part = planned({ volumes: [liveVolume({ capacityBytes: 40 * GiB })], ...live }, { owned: OWN });
    expect(part.actions).toMatchObject([{ step: { do: 'grow-disk', uuid: uuid(44), path: PATH } }]);
  });

  it.each([
    ['an overlay is built on it', { volumes: [liveVolume({ name: 'o', path: '/pools/homelab/o', backing: PATH })] }, 'is built on it'],
    [
      'its VM has snapshots',
      { domains: [guest({ snapshots: ['before'] })], users: [{ domain: 'DC01', isActive: false, disks: [PATH] }] },
      'has snapshots (before)',
    ],
    [
      'a VM has it that the spec does not have',
      { users: [{ domain: 'other', isActive: false, disks: [PATH] }] },
      'it is a disk of other, too',
    ],
  ])('that is smaller does not grow while %s', (_, { volumes = [], ...live }: Partial<World>, words) => {
    const part = planned({ volumes: [liveVolume({ capacityBytes: 40 * GiB }), ...volumes], ...live }, { owned: OWN });
    expect(steps(part)).toEqual([]);
    expect(part.refused).toMatchObject([{ message: expect.stringContaining(words) }]);
  });

  it('that is larger is not cut', () => {
    const part = planned({ volumes: [liveVolume({ capacityBytes: 80 * GiB })] }, { owned: OWN });
    expect(steps(part)).toEqual([]);
    expect(part.refused).toMatchObject([
      { message: expect.stringContaining('making it 60 GiB would cut off data'), fix: 'Set size: 80 GiB in the spec' },
    ]);
  });

  it('of another format is not converted', () => {
    const part = planned({ volumes: [liveVolume({ format: 'raw' })] }, { owned: OWN });
    expect(part.refused).toMatchObject([{ message: `${PATH} is raw, and passcheck converts no disk` }]);
  });

  it('that another spec made is refused, and that spec is named', () => {
    const other = { pools: new Map(), volumes: new Map([[PATH, { owner: 'office', pool: 'homelab', state: 'made' as const }]]) };
    expect(planned({ volumes: [liveVolume()] }, { owned: other }).refused).toMatchObject([
      { message: `${PATH} belongs to the spec office` },
    ]);
  });

  it('that a VM beside the spec has, too, is told', () => {
    const part = planned({ volumes: [liveVolume()], users: [{ domain: 'other', isActive: true, disks: [PATH] }] }, { owned: OWN });
    expect(remarks(part)).toEqual([`note: ${PATH} is a disk of other, too: never start both`]);
  });
});

describe('a volume whose making was cut off', () => {
  const begun = owned({ volumes: { [PATH]: 'begun' } });

  it('and is nothing yet is made again', () => {
    const part = planned({ volumes: [liveVolume({ capacityBytes: 0, format: 'raw' })] }, { owned: begun });
    expect(part.actions).toMatchObject([{ verb: 'create', step: { do: 'recreate-volume', path: PATH } }]);
  });

  it('and is whole all the same is left as it is', () => {
    expect(planned({ volumes: [liveVolume()] }, { owned: begun }).actions).toEqual([]);
  });

  it.each([
    ['a VM has it', { users: [{ domain: 'DC01', isActive: false, disks: [PATH] }] }],
    ['an image is built on it', { volumes: [liveVolume({ name: 'o', path: '/pools/homelab/o', backing: PATH })] }],
  ])('is never made again when %s', (_, { volumes = [], ...live }: Partial<World>) => {
    const part = planned({ volumes: [liveVolume({ capacityBytes: 0, format: 'raw' }), ...volumes], ...live }, { owned: begun });
    expect(steps(part)).toEqual([]);
    expect(part.refused).toHaveLength(1);
  });
});

describe('a volume that was there before', () => {
  it.each([60, 80])('and fits (%s GiB) is used with what it holds', (size) => {
    const part = planned({ volumes: [liveVolume({ capacityBytes: size * GiB })] });
    expect(steps(part)).toEqual([]);
    expect(remarks(part)).toEqual([`note: ${PATH} was there before and is used with what it holds; passcheck will not delete it`]);
  });

  it.each([
    [{ capacityBytes: 60 * GiB - 1 }, 'where 60 GiB are wanted'],
    [{ format: 'raw' }, 'and is raw, where qcow2 is wanted'],
  ])('and does not fit (%o) is refused', (given, words) => {
    const part = planned({ volumes: [liveVolume(given)] });
    expect(steps(part)).toEqual([]);
    expect(part.refused).toMatchObject([{ message: expect.stringContaining(words) }]);
  });

  it('and is a disk of a VM that the spec does not have is refused', () => {
    const part = planned({ volumes: [liveVolume()], users: [{ domain: 'win11', isActive: false, disks: ['/x', PATH] }] });
    expect(remarks(part)).toEqual([`refused: ${PATH} is a disk of win11, which this spec does not have`]);
  });
});
