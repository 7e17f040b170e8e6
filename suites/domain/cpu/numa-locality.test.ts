import { describe, expect, it } from 'vitest';

import { pinned } from '../../../test/cpu-facts.ts';
import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aPciDevice, anAudioFunction } from '../../../test/facts.ts';
import { aTopology, desktop } from '../../../test/topologies.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import rule from './numa-locality.ts';

/** Cores 0-3 on node 0, 4-7 on node 1, siblings n+8. */
const TWO = aTopology([{ cores: 4 }, { cores: 4, node: 1 }]);

function judge(body: string, numaNode: number | null = 1, cpuTopology = TWO): Outcome {
  return judgeOneDomain(rule, { body }, { cpuTopology, pciDevices: [aPciDevice({ numaNode }), anAudioFunction({ numaNode: 0 })] });
}

describe(rule.id, () => {
  it('passes on the node of the GPU', () => {
    expect(judge(pinned([4, 12, 5, 13]))).toMatchObject({ status: 'pass' });
  });

  it('fails on another node, and on two', () => {
    expect(judge(pinned([1, 9, 2, 10]))).toMatchObject({
      status: 'fail',
      message: 'CPUs 1-2,9-10 of the vCPUs are on node 0, the GPU 0000:01:00.0 on node 1',
      evidence: [
        { source: 'win11.xml:9' },
        { source: '/sys/bus/pci/devices/0000:01:00.0/numa_node', observed: '1' },
        { source: '/sys/devices/system/node/node1/cpulist', observed: '4-7,12-15' },
      ],
    });
    expect(judge(pinned([3, 4]))).toMatchObject({
      status: 'fail',
      message: 'CPU 3 of the vCPUs is on node 0, the GPU 0000:01:00.0 on node 1',
    });
  });

  it('does not blame a guest that is larger than the node, beside the core that the kernel needs', () => {
    expect(judge(pinned([2, 3, 4, 5, 6, 7]))).toMatchObject({
      status: 'pass',
      message: 'node 1 of the GPU 0000:01:00.0 has no room for all vCPUs',
    });
    expect(judge(pinned([4, 5, 6, 7]), 0)).toMatchObject({ status: 'pass' });
    expect(judge(pinned([4, 5, 6]), 0)).toMatchObject({ status: 'fail' });
    // A node without CPUs has no room for anyone.
    expect(judge(pinned([4, 5]), 7)).toMatchObject({ status: 'pass' });
  });

  it('knows a GPU that QEMU is given by an argument', () => {
    const attributes = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
    const body = `${pinned([1, 2])}<qemu:commandline><qemu:arg value='-device'/><qemu:arg value='vfio-pci,host=01:00.0'/></qemu:commandline>`;
    const facts = { cpuTopology: TWO, pciDevices: [aPciDevice({ numaNode: 1 })] };
    expect(judgeOneDomain(rule, { attributes, body, gpu: false }, facts)).toMatchObject({ status: 'fail' });
  });

  it('is not applicable where there is nothing to choose or to know', () => {
    const outcomes = [
      judge(pinned([1, 2]), null),
      judge(pinned([1, 2]), 0, desktop(8)),
      judge('<vcpu>4</vcpu>'),
      judgeOneDomain(rule, { body: pinned([1, 2]) }, { cpuTopology: TWO, pciDevices: [] }),
    ];
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'not-applicable'));
    expect(judge(pinned([1, 2]), null)).toMatchObject({ message: 'the firmware does not say on which NUMA node 0000:01:00.0 is' });
  });
});
