import { describe, expect, it } from 'vitest';

import { ABSENT, unreadable } from '../../host/reading.ts';
import {
  applied,
  desired,
  domain,
  file,
  liveDomain,
  liveNetwork,
  livePool,
  liveVolume,
  look,
  network,
  oneOfEach,
  ownedBy,
  pool,
  remarks,
  request,
  uuid,
  volume,
  world,
} from '../../../test/plan-world.ts';
import type { Desired } from '../desired.ts';
import type { LiveNetwork, World } from '../world.ts';
import type { Plan } from './model.ts';
import { type DestroyRequest, planDestroy } from './plan-destroy.ts';
import { planPrune } from './plan-prune.ts';
import type { RemovalRequest } from './removal.ts';

const DISK = '/pools/homelab/dc01.qcow2';
const NVRAM = '/nvram/DC01.nvram';
const TPM = `/tpm/${uuid(4)}`;

function removal(spec: Desired, live: Partial<World>, given: Partial<RemovalRequest>): RemovalRequest {
  const files = new Map([
    [DISK, file()],
    [NVRAM, file()],
    [TPM, file({ kind: 'directory' })],
  ]);
  return {
    ...request({ desired: spec, world: world({ ...applied(spec), ...live }), owned: ownedBy(spec), look: look({ files }) }),
    deleteDisks: [],
    deleteNvram: false,
    deleteTpm: false,
    forgetSnapshots: false,
    shutdownMs: 120_000,
    tpmFolder: '/tpm',
    ...given,
  };
}

function destroyed(spec: Desired, live: Partial<World> = {}, given: Partial<DestroyRequest> = {}): Plan {
  return planDestroy({ ...removal(spec, live, given), names: given.names ?? [] });
}

function steps({ actions }: Plan): readonly string[] {
  return actions.map(({ object, step }) => `${object.name}: ${step.do}`);
}

function withNvram(path = NVRAM): string {
  return liveDomain().inactive.replace('</vcpu>', `</vcpu><os><nvram>${path}</nvram></os>`);
}

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

describe('disks to delete', () => {
  const spec = oneOfEach();

  it('are deleted where they are named, before their pool goes', () => {
    const plan = destroyed(spec, {}, { deleteDisks: ['dc01'] });
    expect(steps(plan).slice(0, 3)).toEqual(['DC01: undefine-domain', 'dc01: delete-volume', 'homelab: stop-pool']);
    expect(plan.actions[1]).toMatchObject({ step: { path: DISK, pool: 'homelab', volume: 'dc01.qcow2' } });
    expect(steps(destroyed(spec, {}, { deleteDisks: 'all' }))).toContain('dc01: delete-volume');
  });

  it('all of one VM are those of that VM', () => {
    const two = desired({ volumes: [volume(), volume({ label: 'other' })], pools: [pool()], domains: [domain()] });
    expect(steps(destroyed(two, {}, { deleteDisks: 'all', names: ['DC01'] }))).toEqual(['DC01: undefine-domain', 'dc01: delete-volume']);
  });

  it.each([
    ['a VM that stays has them', { users: [{ domain: 'win11', isActive: false, disks: [DISK] }] }, {}, 'it is a disk of win11'],
    [
      'an image is built on them',
      { volumes: [liveVolume(), liveVolume({ name: 's', path: '/pools/homelab/s', backing: DISK })] },
      {},
      '/pools/homelab/s is built on it',
    ],
    ['passcheck did not make them', {}, { owned: ownedBy(desired({ pools: [pool()] })) }, 'passcheck did not make it'],
    ['they are links', {}, { look: look({ files: new Map([[DISK, file({ kind: 'other' })]]) }) }, 'it is no ordinary file'],
    ['nobody could look', {}, { look: look({ files: new Map([[DISK, unreadable('denied', 'no')]]) }) }, 'could not look at it (no)'],
    ['nobody looked', {}, { look: look() }, 'it was not looked at'],
  ] as const)('stay when %s', (_, live, given, words) => {
    const plan = destroyed(spec, live, { ...given, deleteDisks: ['dc01'], names: ['DC01'] });
    expect(steps(plan)).toEqual(['DC01: undefine-domain']);
    expect(remarks(plan)).toEqual([`refused: ${DISK} is not deleted: ${words}`]);
  });

  it('stay when their own VM stays', () => {
    expect(remarks(destroyed(spec, {}, { deleteDisks: ['dc01'], names: ['lab-net'] }))).toEqual([
      `refused: ${DISK} is not deleted: it is a disk of DC01`,
    ]);
  });

  it('that are not there are no fault; in a pool that does not run nobody can tell', () => {
    const gone = { look: look({ files: new Map([[DISK, ABSENT]]) }), deleteDisks: ['dc01'] };
    expect(remarks(destroyed(spec, { volumes: [] }, gone))).toContain(`note: ${DISK} is not there, so nothing is deleted`);
    const stopped = destroyed(spec, { volumes: [], pools: [livePool(pool(), { isActive: false })] }, { deleteDisks: ['dc01'] });
    expect(stopped.refused).toMatchObject([{ fix: 'Start it: virsh -c qemu:///system pool-start homelab' }]);
  });
});

describe('NVRAM and TPM to delete', () => {
  const spec = desired({ domains: [domain()] });
  const live = { domains: [liveDomain(domain(), { inactive: withNvram() })] };

  it('are deleted where they are named, while the VM is there to name them', () => {
    const plan = destroyed(spec, live, { deleteNvram: true, deleteTpm: true });
    expect(plan.actions.map(({ step }) => step)).toMatchObject([
      { do: 'delete-nvram', uuid: uuid(4), path: NVRAM },
      { do: 'delete-tpm', uuid: uuid(4), path: TPM },
      { do: 'undefine-domain' },
    ]);
  });

  it.each([
    [{ files: new Map([[NVRAM, file({ kind: 'other' })]]) }, `refused: its NVRAM ${NVRAM} is no ordinary file`],
    [{ files: new Map() }, `refused: could not look at its NVRAM ${NVRAM}`],
  ])('NVRAM: %j', (host, message) => {
    expect(remarks(destroyed(spec, live, { deleteNvram: true, look: look(host) }))).toEqual([message]);
  });

  it('that are not there are nothing to speak of', () => {
    const files = new Map([
      [NVRAM, ABSENT],
      [TPM, ABSENT],
    ]);
    const plan = destroyed(spec, live, { deleteNvram: true, deleteTpm: true, look: look({ files }) });
    expect([...steps(plan), ...remarks(plan)]).toEqual(['DC01: undefine-domain']);
  });

  it('NVRAM that another VM has, too, stays', () => {
    const both = [...live.domains, liveDomain(domain({ name: 'win11', uuid: uuid(9) }), { inactive: withNvram() })];
    expect(remarks(destroyed(spec, { domains: both }, { deleteNvram: true }))).toEqual([
      `refused: its NVRAM ${NVRAM} is that of win11, too`,
    ]);
  });

  it.each([
    [{ tpmFolder: null }, 'refused: could not look at what its TPM holds'],
    [{ look: look() }, `refused: could not look at what its TPM holds in ${TPM}`],
    [{ look: look({ files: new Map([[TPM, file()]]) }) }, `refused: ${TPM} is no folder`],
  ])('TPM: %j', (given, message) => {
    expect(remarks(destroyed(spec, live, { deleteTpm: true, ...given }))).toEqual([message]);
  });
});

describe('prune', () => {
  const before = oneOfEach();
  const after = desired({ volumes: [] });

  function pruned(live: Partial<World>): Plan {
    return planPrune(removal(after, { networks: [], pools: [], domains: [], volumes: [], users: [], ...live }, { owned: ownedBy(before) }));
  }

  it('takes what the spec no longer has, and no disk', () => {
    const plan = pruned({ everything: applied(before) });
    expect(steps(plan)).toEqual([
      'DC01: undefine-domain',
      'homelab: stop-pool',
      'homelab: undefine-pool',
      'lab-net: stop-network',
      'lab-net: undefine-network',
    ]);
    expect(remarks(plan).at(-1)).toBe(`note: volumes that were made for lab and are no longer in it stay: ${DISK}`);
  });

  it('leaves what another spec or nobody made, and what the spec has', () => {
    const domains = [
      liveDomain(domain({ name: 'a', uuid: uuid(8) }), { owner: null }),
      liveDomain(domain({ name: 'b', uuid: uuid(9) }), { owner: 'office' }),
    ];
    const pools = [livePool(pool({ name: 'images', uuid: uuid(10) }))];
    expect(steps(pruned({ everything: { networks: [], pools, domains } }))).toEqual([]);
    const plan = planPrune(removal(before, { everything: applied(before) }, {}));
    expect(steps(plan)).toEqual([]);
  });

  it('does nothing where nobody looked through everything', () => {
    expect(remarks(pruned({}))).toEqual(['refused: could not look through everything that libvirt has']);
  });
});
