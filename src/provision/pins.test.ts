import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aPciDevice, known } from '../../test/facts.ts';
import { aPinsHost, domainTexts, fittingHost, phase0, UNPINNED } from '../../test/provisioned.ts';
import { aTopology, desktop, HYBRID, nodesOf, X3D } from '../../test/topologies.ts';
import { type DomainDocument, readDocuments } from '../domain/document.ts';
import { memoryHost } from '../host/memory.ts';
import { desire } from './desire.ts';
import { hasPins, layoutsOf, lookForPins, type PinsContext, planVmPins, type VmPins } from './pins.ts';
import type { PinLayout } from './render/machine.ts';
import { type Spec, specSchema } from './spec/model.ts';

const AUTO = { memory: '2 GiB', vcpus: 4, pins: 'auto' };

function lab(vms: object): Spec {
  return specSchema.parse({ name: 'lab', pools: { p: { path: '/p' } }, volumes: { v: { pool: 'p', size: '1 GiB' } }, vms });
}

function plan(vms: object, given: Partial<PinsContext> = {}): ReadonlyMap<string, VmPins> {
  return planVmPins(lab(vms), { ...UNPINNED, host: aPinsHost(X3D), defined: [], ...given });
}

function layoutOf(answers: ReadonlyMap<string, VmPins>, name: string): PinLayout {
  const layout = layoutsOf(answers).get(name);
  if (layout === undefined) throw new Error(JSON.stringify(answers.get(name)));
  return layout;
}

function cpusOf(answers: ReadonlyMap<string, VmPins>, name: string): readonly number[] {
  return layoutOf(answers, name).vcpus;
}

/** A VM of libvirt whose vCPUs are on these CPUs. */
function pinnedDomain(name: string, cpus: readonly number[], devices = ''): DomainDocument {
  const pins = cpus.map((cpu, vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='${cpu}'/>`).join('');
  const text = `<domain type='kvm'><name>${name}</name><vcpu>${cpus.length}</vcpu><cputune>${pins}</cputune><devices>${devices}</devices></domain>`;
  const [document] = readDocuments({ label: name, text });
  if (document === undefined) throw new Error('no domain');
  return document;
}

/** The topology that a VM on these CPUs sees. */
function seenOn(vcpus: readonly number[]): unknown {
  const named = { memory: '1 GiB', vcpus: vcpus.length, pins: { vcpus, emulator: '0' } };
  const { guest, needsTopoext } = layoutOf(plan({ a: named }), 'a');
  return { cores: guest.cores, threads: guest.threads, needsTopoext };
}

describe('planVmPins', () => {
  it('plans for a VM as passcheck pins does, near its GPU', async () => {
    const host = await lookForPins(await fittingHost(phase0));
    const answers = planVmPins(phase0, { ...UNPINNED, host, defined: [] });
    expect(layoutOf(answers, 'gaming')).toMatchObject({ vcpus: [4, 5, 6, 7], memoryNode: 1, iothreads: [{ id: 1, cpus: [2, 3] }] });
    expect(answers.get('gaming')).toMatchObject({ notes: [expect.stringContaining('hugepages must be free on NUMA node 1')] });
  });

  it('gives each VM CPUs of its own, in the order of the spec', () => {
    const answers = plan({ b: AUTO, a: AUTO, free: { memory: '1 GiB', vcpus: 2 } });
    const [first, second] = [cpusOf(answers, 'b'), cpusOf(answers, 'a')];
    expect(first.filter((cpu) => second.includes(cpu))).toEqual([]);
    expect(cpusOf(plan({ b: AUTO }), 'b')).toEqual(first);
    expect([...answers.keys()]).toEqual(['b', 'a']);
  });

  it('keeps off CPUs that the spec names for another VM, even for a later one', () => {
    const named = { memory: '1 GiB', vcpus: 2, pins: { vcpus: [1, 17], emulator: '0' } };
    const alone = cpusOf(plan({ a: AUTO }), 'a');
    const answers = plan({ a: AUTO, z: { ...named, pins: { vcpus: alone, emulator: '0' }, vcpus: 4 } });
    expect(cpusOf(answers, 'z')).toEqual(alone);
    expect(cpusOf(answers, 'a').some((cpu) => alone.includes(cpu))).toBe(false);
  });

  it('keeps off the CPUs of VMs of libvirt that are not in the spec, and never minds those that are', () => {
    const alone = cpusOf(plan({ a: AUTO }), 'a');
    expect(cpusOf(plan({ a: AUTO }, { defined: [pinnedDomain('a', alone)] }), 'a')).toEqual(alone);
    expect(cpusOf(plan({ a: AUTO }, { defined: [pinnedDomain('other', alone)] }), 'a').some((cpu) => alone.includes(cpu))).toBe(false);
  });

  it('lets VMs share CPUs that never run together, because they share a GPU', () => {
    const gpu = { devices: ['01:00.0'] };
    const answers = plan({ a: { ...AUTO, gpu }, b: { ...AUTO, gpu } });
    expect(cpusOf(answers, 'a')).toEqual(cpusOf(answers, 'b'));
  });

  it('plans the same before and after its VMs are there', () => {
    const vm = fc.record({
      vcpus: fc.constantFrom(2, 4, 6),
      pins: fc.constantFrom('auto', undefined),
      gpu: fc.constantFrom(undefined, { devices: ['01:00.0'] }),
    });
    fc.assert(
      fc.property(fc.array(vm, { minLength: 1, maxLength: 4 }), fc.constantFrom(X3D, HYBRID), (vms, topology) => {
        const spec = lab(Object.fromEntries(vms.map((given, index) => [`vm${index}`, { memory: '1 GiB', ...given }])));
        const context = { ...UNPINNED, host: aPinsHost(topology), defined: [pinnedDomain('other', [2, 3])] };
        const before = planVmPins(spec, context);
        const made = Object.entries(domainTexts(desire(spec, { ...UNPINNED, pins: layoutsOf(before) })));
        const documents = made.flatMap(([label, text]) => readDocuments({ label, text }));
        expect(planVmPins(spec, { ...context, defined: [...context.defined, ...documents] })).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses in the words of a spec', () => {
    expect(plan({ a: { ...AUTO, vcpus: 40 } }).get('a')).toEqual({
      refusal: {
        reason: '40 vCPUs do not fit: the host has 16 cores, keeps 2, and has 14 of 2 threads for a VM',
        instead: 'give the VM 28 vCPUs, or name the CPUs under pins yourself',
      },
    });
    const answer = plan({ a: { ...AUTO, vcpus: 2 } }, { host: aPinsHost(desktop(1)) }).get('a');
    expect(answer).toMatchObject({ refusal: { reason: 'the host has one core, and needs it itself' } });
    const taken = plan({ a: { ...AUTO, vcpus: 5 } }).get('a');
    expect(taken).toMatchObject({ refusal: { instead: 'give the VM 4 or 6 vCPUs, or name the CPUs under pins yourself' } });
  });

  it('refuses where GPUs of a VM are on different nodes, without an option that a spec does not have', () => {
    const topology = aTopology([{ cores: 4 }, { cores: 4, node: 1 }]);
    const devices = known([aPciDevice({ address: '0000:01:00.0', numaNode: 0 }), aPciDevice({ address: '0000:41:00.0', numaNode: 1 })]);
    const gpu = { devices: ['01:00.0', '41:00.0'] };
    const answer = plan({ a: { ...AUTO, gpu } }, { host: aPinsHost(topology, { numaNodes: nodesOf(topology), devices }) }).get('a');
    expect(answer).toMatchObject({
      refusal: { reason: expect.stringContaining('on different NUMA nodes'), instead: 'name the CPUs under pins yourself' },
    });
  });

  it('says that it could not look, and goes on with what the spec names itself', async () => {
    const host = await lookForPins(memoryHost({}));
    const named = { memory: '1 GiB', vcpus: 2, pins: { vcpus: [2, 3], emulator: '0' } };
    const answers = plan({ a: AUTO, b: named }, { host });
    expect(answers.get('a')).toMatchObject({ refusal: { reason: expect.stringMatching(/^could not look at the processor: \/sys/) } });
    expect(layoutOf(answers, 'b')).toMatchObject({ vcpus: [2, 3], guest: { cores: 2, threads: 1 } });
  });

  it('tells the guest of threads where neighbours are threads of one core', () => {
    expect(seenOn([2, 18, 3, 19])).toEqual({ cores: 2, threads: 2, needsTopoext: true });
    expect(seenOn([2, 18])).toEqual({ cores: 1, threads: 2, needsTopoext: true });
    // 2 and 18 are one core, but not side by side; 4 has a core for itself.
    for (const uneven of [[2, 3, 18, 19], [2, 18, 4], [2, 18, 4, 5], [2], [2, 3]])
      expect(seenOn(uneven)).toEqual({ cores: uneven.length, threads: 1, needsTopoext: false });
  });

  it('refuses CPUs that are not there', () => {
    const named = { memory: '1 GiB', vcpus: 2, pins: { vcpus: [2, 99], emulator: '0-1', iothreads: '64' }, disks: [{ volume: 'v' }] };
    expect(plan({ a: named }).get('a')).toEqual({
      refusal: {
        reason: 'pins name CPU 64,99, and this host has 0-31 online',
        instead: 'name CPUs that are online, or write pins: auto',
      },
    });
  });
});

describe('hasPins', () => {
  it('is asked before the processor is looked at', () => {
    expect(hasPins(lab({ a: AUTO }))).toBe(true);
    expect(hasPins(lab({ a: { memory: '1 GiB', vcpus: 2 } }))).toBe(false);
  });
});
