import { describe, expect, it } from 'vitest';
import { plan, steps } from '../../../test/plan-steps.ts';
import { desired, domain, file, liveDomain, liveVolume, look, remarks, uuid, volume } from '../../../test/plan-world.ts';
import type { DesiredDomain } from '../desired.ts';
import { explicitLayout } from '../render/explicit-pins.ts';
import type { Tree } from '../tree.ts';

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
