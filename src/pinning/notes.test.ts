import { describe, expect, it } from 'vitest';

import { aPinRequest, aTopology, desktop, nodesOf, X3D } from '../../test/topologies.ts';
import type { CpuTopology } from '../facts/cpu-topology.ts';
import type { PinRequest } from './model.ts';
import { planPins } from './plan.ts';

function notesOf(topology: CpuTopology, given: Partial<PinRequest>): string[] {
  const answer = planPins(aPinRequest(topology, given));
  return 'plan' in answer ? [...answer.plan.notes] : [answer.refusal.reason];
}

const TWO_NODES = aTopology([
  { cores: 4, node: 0 },
  { cores: 4, node: 1 },
]);

describe('the notes of a plan', () => {
  it('say why a guest of several small dies is shown no caches', () => {
    // Beside another VM each cache has three cores of eight.
    const others = [{ domain: 'work', cpus: [0, 1, 2, 3, 4, 8, 9, 10, 11, 12].flatMap((cpu) => [cpu, cpu + 16]), isFirm: true }];
    const answer = planPins(aPinRequest(aTopology([{ cores: 8 }, { cores: 8 }]), { vcpus: 12, hostCores: 1, others }));
    expect(answer).toMatchObject({ plan: { guest: { dies: 2, cores: 3, threads: 2 }, showsCaches: false } });
    expect(JSON.stringify(answer)).toContain('Each die of the guest has 3 cores, fewer than share an L3 of this host');
  });

  it('count the cores of the host by the plan', () => {
    expect(notesOf(X3D, { vcpus: 14, hostCores: 1 }).join(' ')).not.toContain('One core for the host');
  });

  it('are none where everything is known and fits', () => {
    expect(notesOf(desktop(8), {})).toEqual([]);
  });

  it.each<[string, CpuTopology, Partial<PinRequest>, string]>([
    [
      'CPUs that are isolated for nobody',
      desktop(4),
      { vcpus: 2, isolated: [2, 6, 3, 7] },
      'CPUs 2,6 are isolated without a vCPU: change isolcpus to 3,7, or remove it.',
    ],
    [
      'CPUs that are not isolated',
      desktop(4),
      { vcpus: 4, isolated: [3, 7] },
      'CPUs 2,6 have vCPUs and are not isolated: change isolcpus to 2-3,6-7, or remove it.',
    ],
    ['isolation that is hidden', desktop(4), { isolated: null }, 'Whether the host isolates CPUs (isolcpus) could not be looked at.'],
    [
      'a GPU whose node is not known',
      TWO_NODES,
      { gpu: { kind: 'GPU', address: '0000:01:00.0', node: null } },
      'The firmware does not say which NUMA node the GPU 0000:01:00.0 hangs on: look up its slot in the manual of the board.',
    ],
    [
      'an unknown vendor',
      desktop(4),
      { vendor: null },
      "Whose processor it is could not be looked at: on AMD add <feature policy='require' name='topoext'/> to <cpu>.",
    ],
    [
      'hugepages of one node',
      TWO_NODES,
      { usesHugepages: true },
      'The VM’s hugepages must be free on NUMA node 1, or it does not start: reserve them in /sys/devices/system/node/node1/hugepages.',
    ],
    [
      'another VM on the same CPUs',
      desktop(4),
      { others: [{ domain: 'work', cpus: [0, 3], isFirm: false }] },
      'vCPUs of work (CPU 3) are pinned to the same CPUs: run them at different times, or plan them again.',
    ],
    [
      'whose CPUs are left alone',
      desktop(8),
      { others: [{ domain: 'work', cpus: [7, 15, 99], isFirm: true }] },
      'Left to other VMs, which can run at the same time: CPUs 7,15 (work).',
    ],
    [
      'nothing against CPUs that are isolated for another VM',
      desktop(8),
      { vcpus: 2, isolated: [7, 15], others: [{ domain: 'work', cpus: [7, 15], isFirm: true }] },
      'CPUs 6,14 have vCPUs and are not isolated: change isolcpus to 6-7,14-15, or remove it.',
    ],
    [
      'what fits the larger of two caches',
      aTopology([{ cores: 6, sizeKiB: 98_304 }, { cores: 6 }]),
      { vcpus: 16, processor: 'AMD Ryzen 9 7900X3D' },
      'Only CCD 0 has the larger L3 (96 MiB): --vcpus 10 fits there.',
    ],
    ['a single vCPU', desktop(4, 1), { vcpus: 1 }, 'Windows 11 wants two processors or more.'],
    [
      'one core for the host',
      desktop(4),
      { hostCores: 1 },
      'One core for the host is little: with the desktop, the emulator and the I/O on it, the VM waits for them.',
    ],
    [
      'caches that differ',
      X3D,
      { vcpus: 24 },
      "The caches of this host differ, and a guest is shown those of the CPU that QEMU starts on: so <cache mode='passthrough'/> is no part of the plan.",
    ],
    ['dies', X3D, { vcpus: 24 }, 'The guest is told of 2 dies (CCD 0 and CCD 1), so that it keeps threads that share data in one of them.'],
  ])('say %s', (_name, topology, given, note) => expect(notesOf(topology, given)).toContain(note));

  it('say nothing of nodes, hugepages and others where they do not matter', () => {
    const given = {
      usesHugepages: true,
      gpu: { kind: 'GPU', address: '0000:01:00.0', node: null } as const,
      others: [{ domain: 'work', cpus: [0, 1], isFirm: false }],
    };
    expect(notesOf(desktop(8), { ...given, numaNodes: nodesOf(desktop(8)) })).toEqual([]);
  });
});
