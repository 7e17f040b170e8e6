import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { brokenClaims } from '../../test/pin-claims.ts';
import { anyRequest, aPinRequest, aTopology, desktop, HYBRID, nodesOf, X3D } from '../../test/topologies.ts';
import { formatCpuList } from '../facts/cpu-list.ts';
import type { CpuTopology } from '../facts/cpu-topology.ts';
import type { PinPlan, PinRequest, Refusal } from './model.ts';
import { planPins } from './plan.ts';

function planOf(topology: CpuTopology, given: Partial<PinRequest> = {}): PinPlan {
  const answer = planPins(aPinRequest(topology, given));
  if ('refusal' in answer) throw new Error(answer.refusal.reason);
  return answer.plan;
}

function refusalOf(topology: CpuTopology, given: Partial<PinRequest> = {}): Refusal {
  const answer = planPins(aPinRequest(topology, given));
  if ('plan' in answer) throw new Error('there is a plan');
  return answer.refusal;
}

const guestOf = (plan: PinPlan): string => formatCpuList(plan.vcpus);
const said = (plan: PinPlan): string => plan.reasons.join(' ');

describe('where the vCPUs go', () => {
  it('is the die with the larger cache, with core 0 left to the host', () => {
    const plan = planOf(X3D, { vcpus: 8 });
    expect(plan).toMatchObject({ vcpus: [4, 20, 5, 21, 6, 22, 7, 23], guest: { sockets: 1, dies: 1, cores: 4, threads: 2 } });
    expect(said(plan)).toContain('All 8 vCPUs are on CCD 0 (CPUs 4-7,20-23): it holds the larger L3 (96 MiB, not 32 MiB).');
  });

  it('is the die with the larger cache where that is the second', () => {
    const topology = aTopology([{ cores: 8 }, { cores: 8, sizeKiB: 98_304 }]);
    expect(guestOf(planOf(topology, { vcpus: 16 }))).toBe('8-15,24-31');
  });

  it('is the other die when the larger cache has too few cores beside core 0, and a note says what would fit', () => {
    const plan = planOf(X3D, { vcpus: 16 });
    expect(guestOf(plan)).toBe('8-15,24-31');
    expect(plan.notes.join(' ')).toContain('CCD 0 has the larger L3 (96 MiB), but only 7 cores for the VM: --vcpus 14 fits there.');
  });

  it('is the last cores of the only cache, away from core 0', () => {
    expect(guestOf(planOf(desktop(8), { vcpus: 8 }))).toBe('4-7,12-15');
  });

  it('is the die without core 0 when the caches are alike', () => {
    expect(guestOf(planOf(aTopology([{ cores: 8 }, { cores: 8 }]), { vcpus: 4 }))).toBe('14-15,30-31');
  });

  it('is as many caches as are needed, the same share of each, and the guest gets as many dies', () => {
    const topology = aTopology([{ cores: 4 }, { cores: 4 }, { cores: 4 }, { cores: 4 }]);
    const plan = planOf(topology, { vcpus: 12 });
    expect(plan).toMatchObject({ vcpus: [9, 25, 10, 26, 11, 27, 13, 29, 14, 30, 15, 31], guest: { dies: 2, cores: 3, threads: 2 } });
    expect(said(plan)).toContain('The vCPUs have 6 cores, 3 of CCX 2 and 3 of CCX 3: no L3 cache has as many free.');
  });

  it('is one die of the guest when the caches cannot give the same share', () => {
    const plan = planOf(aTopology([{ cores: 4 }, { cores: 4 }]), { vcpus: 10 });
    expect(plan.guest).toEqual({ sockets: 1, dies: 1, cores: 5, threads: 2 });
    expect(plan.notes.join(' ')).toContain('different numbers of cores');
  });

  it('is only performance cores, and the efficiency cores stay with the host', () => {
    const plan = planOf(HYBRID, { vendor: 'intel' });
    expect(plan).toMatchObject({
      vcpus: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      emulator: [0, 1],
      iothreads: [{ cpus: [18, 19] }],
      showsCaches: true,
    });
    expect(said(plan)).toContain('Only performance cores have vCPUs');
  });

  it('is the node of the GPU, with the memory', () => {
    const topology = aTopology([
      { cores: 8, node: 0 },
      { cores: 8, node: 1, package: 1 },
    ]);
    const gpu: PinRequest['gpu'] = { kind: 'GPU', address: '0000:01:00.0', node: 0 };
    const plan = planOf(topology, { vcpus: 8, gpu });
    expect(plan).toMatchObject({ memoryNode: 0, vcpus: [4, 20, 5, 21, 6, 22, 7, 23] });
    expect(said(plan)).toContain('The vCPUs and the memory are on NUMA node 0, where the GPU 0000:01:00.0 is.');
  });

  it('is the nearest node when that of the GPU has no CPUs, and the nearest memory when that node has none', () => {
    const topology = aTopology([
      { cores: 4, node: 0 },
      { cores: 4, node: 1 },
    ]);
    const numaNodes = [
      ...nodesOf(topology, (id) => (id === 1 ? 0 : 16_777_216)).map((node) => ({
        ...node,
        distances: node.id === 0 ? [10, 20, 30] : [20, 10, 15],
      })),
      { id: 2, cpus: [], memoryKiB: 16_777_216, distances: [30, 15, 10] },
    ];
    const plan = planOf(topology, { vcpus: 4, numaNodes, gpu: { kind: 'GPU', address: '0000:01:00.0', node: 2 } });
    expect([guestOf(plan), plan.memoryNode]).toEqual(['6-7,14-15', 2]);
  });

  it('is isolated cores first, and what isolcpus should say is noted', () => {
    const plan = planOf(desktop(8), { vcpus: 4, isolated: [1, 9, 2, 10, 3, 11] });
    expect(guestOf(plan)).toBe('2-3,10-11');
    expect(plan.notes).toContain('CPUs 1,9 are isolated without a vCPU: change isolcpus to 2-3,10-11, or remove it.');
  });

  it('is whole cores when a sibling is switched off', () => {
    const topology = aTopology([{ cores: 4 }], 'after', [7]);
    expect(planOf(topology, { vcpus: 4 }).vcpus).toEqual([1, 5, 2, 6]);
  });
});

describe('how many vCPUs there are when nobody says', () => {
  it.each<[string, CpuTopology, Partial<PinRequest>, string]>([
    ['what the host leaves of a small processor', desktop(4), {}, '2-3,6-7'],
    ['at most eight cores', desktop(24), {}, '16-23,40-47'],
    ['all of a die', aTopology([{ cores: 6 }, { cores: 6 }]), {}, '6-11,18-23'],
    ['the rest of the die with the larger cache', X3D, {}, '1-7,17-23'],
    ['as many as are isolated', desktop(8), { isolated: [6, 7, 14, 15] }, '6-7,14-15'],
    ['one core of two', desktop(2), {}, '1,3'],
    ['what --host-cores leaves', desktop(8), { hostCores: 4 }, '4-7,12-15'],
    ['cores of a package where no cache has two', aTopology(Array.from({ length: 6 }, () => ({ cores: 1 }))), {}, '2-5,8-11'],
  ])('is %s', (_name, topology, given, cpus) => {
    const plan = planOf(topology, given);
    expect(guestOf(plan)).toBe(cpus);
    expect(said(plan)).toContain('--vcpus asks for another number');
  });
});

describe('what is refused, and what would work', () => {
  it.each<[string, CpuTopology, Partial<PinRequest>, string, string]>([
    ['half a core', desktop(8), { vcpus: 5 }, '5 vCPUs cannot be whole cores', '--vcpus 4 or --vcpus 6 works'],
    ['the only core', desktop(1), {}, 'the host has one core', 'four cores'],
    ['all cores', desktop(4), { hostCores: 4 }, '4 of them for itself leave none', '--host-cores 1'],
    ['the host’s cores', desktop(4), { vcpus: 6 }, 'keeps 2, and has 2 of 2 threads for a VM', '--vcpus 4 fits, or --host-cores 1'],
    ['core 0', desktop(4), { vcpus: 8 }, 'keeps 2', '--vcpus 4 fits'],
    ['efficiency cores', HYBRID, { vcpus: 12 }, '5 performance cores of 2 threads', '--vcpus 10 fits'],
    [
      'two nodes',
      aTopology([
        { cores: 8, node: 0 },
        { cores: 8, node: 1 },
      ]),
      { vcpus: 24 },
      'no NUMA node has more than 8 cores',
      '--vcpus 16 fits',
    ],
    [
      'another node than that of the GPU',
      aTopology([
        { cores: 4, node: 0 },
        { cores: 8, node: 1 },
      ]),
      { vcpus: 16, gpu: { kind: 'GPU', address: '0000:01:00.0', node: 0 } },
      'NUMA node 0, where the GPU 0000:01:00.0 is, has 3 cores',
      '--vcpus 6 fits',
    ],
    [
      'a node that has only core 0',
      aTopology([
        { cores: 1, node: 0 },
        { cores: 8, node: 1 },
      ]),
      { gpu: { kind: 'GPU', address: '0000:01:00.0', node: 0 } },
      'has no core for a VM',
      'another node',
    ],
    [
      'more memory than the node has',
      aTopology([
        { cores: 4, node: 0 },
        { cores: 4, node: 1 },
      ]),
      { vcpus: 4, memoryKiB: 20 * 1024 * 1024 },
      'the VM has 20 GiB of memory and NUMA node 1 has 16 GiB',
      'less than 16 GiB',
    ],
  ])('%s', (_name, topology, given, reason, instead) => {
    const refusal = refusalOf(topology, given);
    expect(refusal.reason).toContain(reason);
    expect(refusal.instead).toContain(instead);
  });
});

describe('the threads of QEMU and the host', () => {
  it('are in the cache of the guest, beside it', () => {
    const plan = planOf(desktop(8), { vcpus: 8, iothreads: [1, 2] });
    expect(plan).toMatchObject({ emulator: [2, 3, 10, 11], host: [0, 1, 2, 3, 8, 9, 10, 11] });
    expect(plan.iothreads).toEqual([
      { id: 1, cpus: [2, 3, 10, 11] },
      { id: 2, cpus: [2, 3, 10, 11] },
    ]);
  });

  it('are on core 0 where nothing else of the cache is left', () => {
    expect(planOf(X3D, { vcpus: 14 }).emulator).toEqual([0, 16]);
  });

  it('are for I/O not on core 0 where another core of the node has nothing to do', () => {
    expect(planOf(X3D, { vcpus: 14 }).iothreads).toEqual([{ id: 1, cpus: [14, 15, 30, 31] }]);
    expect(planOf(desktop(2)).iothreads).toEqual([{ id: 1, cpus: [0, 2] }]);
  });

  it('are not on CPUs of other VMs', () => {
    const others = [{ domain: 'work', cpus: [4, 5, 6, 7, 12, 13, 14, 15], isFirm: true }];
    const plan = planOf(desktop(8), { vcpus: 2, others });
    expect(plan).toMatchObject({ vcpus: [3, 11], emulator: [1, 2, 9, 10], host: [0, 1, 2, 8, 9, 10], avoided: others[0]?.cpus });
  });

  it('are on another die of the node, and not on core 0, where nothing of the cache is left', () => {
    expect(planOf(X3D, { vcpus: 16 }).emulator).toEqual([6, 7, 22, 23]);
  });

  it('are not on isolated CPUs', () => {
    expect(planOf(desktop(8), { vcpus: 4, isolated: [4, 5, 6, 7, 12, 13, 14, 15] }).emulator).toEqual([2, 3, 10, 11]);
  });
});

describe('a host of the largest size', () => {
  it('is planned without trying every choice', () => {
    const topology = aTopology(Array.from({ length: 512 }, (_, index) => ({ cores: 8, node: index >> 3, package: index >> 5 })));
    expect(planOf(topology, { vcpus: 128 }).guest).toEqual({ sockets: 1, dies: 8, cores: 8, threads: 2 });
  });
});

describe('any plan of any host', () => {
  it('takes whole cores that are online, each CPU once, and leaves core 0 and the emulator’s CPUs alone', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const answer = planPins(request);
        expect('plan' in answer ? brokenClaims(request, answer.plan) : []).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same each time, and what a refusal offers is a plan', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const answer = planPins(request);
        expect(planPins(request)).toEqual(answer);
        const offered = 'refusal' in answer ? /--vcpus (\d+) fits/.exec(answer.refusal.instead)?.[1] : undefined;
        expect(offered === undefined || 'plan' in planPins({ ...request, vcpus: Number(offered) })).toBe(true);
      }),
    );
  });
});
