import { describe, expect, it } from 'vitest';

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
import type { Desired, DesiredDomain } from '../desired.ts';
import { explicitLayout } from '../render/explicit-pins.ts';
import type { Tree } from '../tree.ts';
import type { World } from '../world.ts';
import { type Plan, planSchema } from './model.ts';
import { planApply } from './plan-apply.ts';

function plan(spec: Desired, live: Partial<World> = {}, given: Parameters<typeof request>[0] = {}): Plan {
  return planApply(request({ desired: spec, world: world(live), owned: ownedBy(spec), ...given }));
}

function steps({ actions }: Plan): readonly string[] {
  return actions.map(({ object, step }) => `${object.name}: ${step.do}`);
}

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

describe('a VM', () => {
  const spec = desired({ domains: [domain()] });
  const larger = desired({ domains: [domain({ memoryKiB: 16 * 1024 * 1024 })] });
  const unmarked = liveDomain(domain(), { owner: null });

  it('that is to start with the host gets that as a step of its own', () => {
    const auto = desired({ domains: [domain({ autostart: true })] });
    expect(steps(plan(auto))).toEqual(['DC01: define-domain', 'DC01: autostart-domain']);
    expect(steps(plan(auto, { domains: [liveDomain()] }))).toEqual(['DC01: autostart-domain']);
    expect(plan(spec, { domains: [liveDomain(domain(), { autostart: true })] }).actions).toMatchObject([{ step: { on: false } }]);
  });

  it('that is off is changed at once, in the definition that it has', () => {
    const [action] = plan(larger, { domains: [liveDomain()] }).actions;
    expect(action).toMatchObject({
      verb: 'change',
      summary: 'memory 8 GiB → 16 GiB',
      changes: [{ field: 'memory', from: '8 GiB', to: '16 GiB', effect: 'now' }],
      step: { do: 'define-domain', uuid: uuid(4), replaces: liveDomain().inactive },
    });
    expect(action?.step).toHaveProperty('xml', liveDomain().inactive.replace('>8388608<', '>16777216<'));
  });

  it('that runs is left running: the change takes effect at the next start', () => {
    const { actions, pending } = plan(larger, { domains: [liveDomain(domain(), { isActive: true })] });
    expect(actions).toMatchObject([{ step: { do: 'define-domain' }, changes: [{ effect: 'next start' }] }]);
    expect(pending).toEqual([]);
  });

  it('that runs as it was before waits for its next start, and nothing is to be done', () => {
    const runs = liveDomain(larger.domains[0], { isActive: true, live: liveDomain().inactive });
    expect(plan(larger, { domains: [runs] })).toMatchObject({
      actions: [],
      pending: [{ object: { name: 'DC01' }, changes: [{ field: 'memory', from: '8 GiB', to: '16 GiB', effect: 'next start' }] }],
    });
  });

  it("with libvirt's own currentMemory beside the memory changes both, and speaks of one", () => {
    const inactive = liveDomain().inactive.replace('</memory>', "</memory><currentMemory unit='KiB'>8388608</currentMemory>");
    const [action] = plan(larger, { domains: [liveDomain(domain(), { inactive })] }).actions;
    expect(action?.changes).toEqual([{ field: 'memory', from: '8 GiB', to: '16 GiB', effect: 'now' }]);
    expect(action?.step).toHaveProperty('xml', expect.stringContaining('>16777216</currentMemory>'));
  });

  it('that libvirt would forget when it stops is defined again', () => {
    const lost = liveDomain(domain(), { isActive: true, isTransient: true });
    expect(plan(spec, { domains: [lost] }).actions).toMatchObject([
      { summary: 'define again, as libvirt forgets it when it stops', changes: [], step: { do: 'define-domain', xml: lost.inactive } },
    ]);
  });

  it('keeps its UUID and the MAC addresses of its cards', () => {
    const other = domain({ uuid: uuid(99), macs: ['52:54:00:ff:ff:ff'] });
    expect(plan(spec, { domains: [liveDomain(other)] })).toMatchObject({ actions: [], refused: [] });
  });

  it('with a UUID that the spec itself gives, and another one, is refused', () => {
    const explicit = desired({ domains: [domain({ spec: { uuid: uuid(7) }, uuid: uuid(7) })] });
    const refused = plan(explicit, { domains: [liveDomain()] });
    expect(steps(refused)).toEqual([]);
    expect(refused.refused).toMatchObject([{ message: `its UUID is ${uuid(4)}, and libvirt gives no VM another` }]);
  });

  it('that passcheck did not make is refused, with the way to take it over', () => {
    const refused = plan(spec, { domains: [unmarked] });
    expect(steps(refused)).toEqual([]);
    expect(refused.refused).toMatchObject([{ object: { name: 'DC01' }, fix: expect.stringContaining('passcheck adopt SPEC DC01') }]);
  });

  it('of another spec is refused, and that spec is named', () => {
    const refused = plan(spec, { domains: [liveDomain(domain(), { owner: 'office' })] });
    expect(remarks(refused)).toEqual(['refused: it belongs to the spec office']);
  });

  it('with its UUID and another name was renamed: refused, with the way back', () => {
    const renamed = liveDomain(domain({ name: 'old-name' }));
    const users = [{ domain: 'old-name', isActive: false, disks: ['/pools/homelab/dc01.qcow2'] }];
    const both = desired({ domains: spec.domains, volumes: [volume()] });
    expect(plan(both, { domains: [renamed], users, volumes: [liveVolume()] }).notes).toEqual([]);
    expect(plan(spec, { domains: [renamed] }).refused).toMatchObject([
      {
        message: 'its UUID is that of the VM old-name: was it renamed?',
        fix: `Give it back its name while it is off: virsh -c qemu:///system domrename ${uuid(4)} DC01`,
      },
    ]);
  });

  it('whose definition nobody can read is refused', () => {
    expect(remarks(plan(spec, { domains: [liveDomain(domain(), { inactive: '<domain' })] }))).toEqual([
      'refused: its definition could not be read',
    ]);
  });

  it('finds the NVRAM that an earlier VM of its name left', () => {
    const files = new Map([['/nvram/DC01.nvram', file()]]);
    expect(remarks(plan(spec, {}, { look: look({ files }) }))).toEqual([
      'note: its NVRAM /nvram/DC01.nvram is there already and is used with what it holds',
    ]);
  });

  it('tells what it has beside the spec, and leaves it alone', () => {
    const extra = liveDomain().inactive.replace('</devices>', "<watchdog model='i6300esb'/></devices>");
    const told = plan(larger, { domains: [liveDomain(domain(), { inactive: extra })] });
    expect(told.actions[0]?.step).toHaveProperty('xml', extra.replace('>8388608<', '>16777216<'));
    expect(remarks(told)).toEqual([expect.stringMatching(/^note: left alone, as the spec does not speak of it: watchdog/)]);
  });

  it('loses what the spec no longer asks for, and says what that costs', () => {
    const live = liveDomain(withDevice(domain(), TPM));
    const changed = plan(spec, { domains: [live] });
    expect(changed.actions).toMatchObject([{ changes: [{ field: 'tpm', to: null }] }]);
    expect(remarks(changed)).toEqual([expect.stringContaining('note: without its TPM the guest loses')]);
  });
});

function withDevice(one: DesiredDomain, device: Tree): DesiredDomain {
  const children = one.tree.children.map((child) =>
    child.name === 'devices' ? { ...child, children: [...child.children, device] } : child,
  );
  return { ...one, tree: { ...one.tree, children } };
}

const TPM = {
  name: 'tpm',
  attributes: { model: 'tpm-crb' },
  text: null,
  children: [{ name: 'backend', attributes: { type: 'emulator', version: '2.0' }, text: null, children: [] }],
};

describe('a VM with pins', () => {
  const spec = desired({ domains: [domain()] });
  const layout = explicitLayout({ vcpus: [0, 1, 2, 3], emulator: '4' }, { vm: domain().spec, disks: [], host: null });

  it('for which there is no place is refused, and not made without', () => {
    const refused = plan(spec, {}, { pins: new Map([['DC01', { refusal: { reason: '2 cores', instead: 'give it fewer' } }]]) });
    expect(steps(refused)).toEqual([]);
    expect(refused.refused).toMatchObject([{ message: 'no CPUs to pin it to: 2 cores', fix: 'Give it fewer' }]);
  });

  it('is told what is to be known of its place, when something is done', () => {
    const pins = new Map([['DC01', { layout, notes: ['one core is shared'] }]]);
    expect(remarks(plan(spec, {}, { pins }))).toEqual(['note: one core is shared']);
    expect(remarks(plan(spec, { domains: [liveDomain()] }, { pins }))).toEqual([]);
  });
});

describe('a VM with snapshots', () => {
  const snapshots = ['before'];

  it('keeps its disks: a change of them is refused', () => {
    const moved = desired({ domains: [domain({ disks: ['/pools/homelab/other.qcow2'] })] });
    const refused = plan(moved, { domains: [liveDomain(domain(), { snapshots })] });
    expect(steps(refused)).toEqual([]);
    expect(refused.refused).toMatchObject([{ message: expect.stringContaining('it has snapshots (before)') }]);
    const second = desired({ domains: [domain({ disks: ['/pools/homelab/dc01.qcow2', '/pools/homelab/b'] })] });
    expect(plan(second, { domains: [liveDomain(domain(), { snapshots })] }).refused).toHaveLength(1);
  });

  it('may get more memory', () => {
    const larger = desired({ domains: [domain({ memoryKiB: 16 * 1024 * 1024 })] });
    expect(steps(plan(larger, { domains: [liveDomain(domain(), { snapshots })] }))).toEqual(['DC01: define-domain']);
  });
});

describe('a VM whose disk is an overlay', () => {
  const base = '/pools/homelab/dc01.qcow2';
  const top = '/pools/homelab/dc01.snap';
  const spec = desired({ domains: [domain()] });
  const chain = `<backingStore type='file'><format type='qcow2'/><source file='${base}'/></backingStore>`;
  const inactive = liveDomain().inactive.replace(`<source file='${base}'/>`, `<source file='${top}'/>${chain}`);

  it('goes on with it, and that is told', () => {
    const kept = plan(spec, { domains: [liveDomain(domain(), { inactive })] });
    expect(steps(kept)).toEqual([]);
    expect(remarks(kept)).toEqual([`note: disk vda is ${top}, a snapshot built on ${base}: it stays so`]);
  });

  it('is never pointed back to the base when only the image says so', () => {
    const silent = liveDomain().inactive.replace(base, top);
    const overlay = liveVolume({ name: 'dc01.snap', path: top, backing: base });
    const refused = plan(spec, { domains: [liveDomain(domain(), { inactive: silent })], volumes: [overlay] });
    expect(steps(refused)).toEqual([]);
    expect(refused.refused).toMatchObject([
      {
        message: `disk vda is ${top}, which is built on ${base}: what was written to it since would be lost`,
        fix: expect.stringContaining('blockcommit'),
      },
    ]);
  });
});

describe('a VM whose memory was saved', () => {
  it('is not changed: its memory would meet another machine', () => {
    const larger = desired({ domains: [domain({ memoryKiB: 16 * 1024 * 1024 })] });
    const refused = plan(larger, { domains: [liveDomain(domain(), { hasManagedSave: true })] });
    expect(steps(refused)).toEqual([]);
    expect(remarks(refused)).toEqual([
      'refused: its memory was saved when it was stopped (managed save), and would meet another machine: memory 8 GiB → 16 GiB',
    ]);
    expect(plan(desired({ domains: [domain()] }), { domains: [liveDomain(domain(), { hasManagedSave: true })] }).refused).toEqual([]);
  });
});

describe('a network', () => {
  const spec = desired({ networks: [network()] });
  const other = desired({ networks: [network({ bridge: 'virbr57' })] });

  it('that runs and changes is told to be started again', () => {
    const live = liveNetwork();
    const changed = plan(other, { networks: [{ ...live, live: live.inactive.replace('<network>', "<network connections='2'>") }] });
    expect(changed.actions).toMatchObject([
      { step: { do: 'define-network' }, changes: [{ from: 'virbr56', to: 'virbr57', effect: 'next start' }] },
    ]);
    expect(changed.notes).toMatchObject([
      {
        message: 'runs as it was until it is started again',
        fix: expect.stringContaining('Shut down the VMs on it (2 interfaces); start it again: virsh'),
      },
    ]);
  });

  it('that was changed before waits', () => {
    const live = liveNetwork(other.networks[0], { live: liveNetwork().inactive });
    expect(plan(other, { networks: [live] })).toMatchObject({ actions: [], pending: [{ object: { name: 'lab-net' } }] });
  });

  it('for which the spec gives another UUID is refused', () => {
    const given = desired({ networks: [network({ uuid: uuid(9) })] });
    expect(plan(given, { networks: [liveNetwork()] })).toMatchObject({
      actions: [],
      refused: [{ message: expect.stringContaining('libvirt gives no network another'), fix: expect.stringContaining(uuid(1)) }],
    });
  });

  it('of others is used as it is, as long as it fits and runs', () => {
    const foreign = liveNetwork(network(), { owner: null });
    expect(plan(spec, { networks: [foreign] })).toMatchObject({
      actions: [],
      refused: [],
      notes: [{ message: 'not made by passcheck, used as it is' }],
    });
    expect(plan(spec, { networks: [{ ...foreign, isActive: false }] }).refused).toMatchObject([
      { fix: 'Start it, or take it over (passcheck adopt): virsh -c qemu:///system net-start lab-net' },
    ]);
    expect(plan(other, { networks: [foreign] }).refused).toMatchObject([{ message: expect.stringContaining('virbr56 → virbr57') }]);
  });

  it('of another spec is refused', () => {
    expect(plan(spec, { networks: [liveNetwork(network(), { owner: 'office' })] }).refused).toMatchObject([
      { message: 'it belongs to the spec office', fix: expect.stringContaining('write bridge: virbr56 in place of network') },
    ]);
  });

  it('whose UUID is another one is refused', () => {
    expect(plan(spec, { networks: [liveNetwork(network({ name: 'old', bridge: 'virbr9' }))] }).refused).toMatchObject([
      { message: 'its UUID is that of the network old' },
    ]);
  });
});

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

  it('of another spec is refused', () => {
    const owned = { pools: new Map([[uuid(2), 'office']]), volumes: new Map() };
    expect(remarks(plan(spec, { pools: [livePool()] }, { owned }))).toEqual(['refused: it belongs to the spec office']);
  });

  it('in the folder of another pool is refused', () => {
    const rival = livePool(pool({ name: 'images', uuid: uuid(77) }));
    expect(remarks(plan(spec, { pools: [rival] }, { owned: ownedBy(desired()) }))).toEqual([
      'refused: its folder /pools/homelab is that of the pool images',
    ]);
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
