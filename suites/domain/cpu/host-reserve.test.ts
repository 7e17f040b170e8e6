import { describe, expect, it } from 'vitest';

import { pinned } from '../../../test/cpu-facts.ts';
import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aTopology, desktop, X3D } from '../../../test/topologies.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { CpuTopology } from '../../../src/facts/cpu-topology.ts';
import rule from './host-reserve.ts';

const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);
const judge = (body: string, cpuTopology: CpuTopology): Outcome => judgeOneDomain(rule, { body }, { cpuTopology });

describe(rule.id, () => {
  it.each([
    [6, range(2, 4)],
    [4, range(1, 3)],
    [2, [1, 3]],
    [12, range(2, 10)],
  ])('passes when a host of %i cores keeps enough, one being enough for a small one', (cores, cpus) => {
    expect(judge(pinned(cpus), desktop(cores))).toMatchObject({ status: 'pass' });
  });

  it('fails when the host keeps nothing', () => {
    expect(judge(pinned(range(0, 8)), desktop(4))).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: 'every core of the host has vCPUs, and the host has none for itself',
      evidence: [{ source: 'win11.xml:9' }, { source: '/sys/devices/system/cpu/online', observed: '4 cores; without vCPUs: none' }],
    });
    // One thread of each core is no core.
    expect(judge(pinned(range(0, 4)), desktop(4))).toMatchObject({ severity: 'major' });
  });

  it('mentions a large host that keeps one core', () => {
    expect(judge(pinned(range(1, 5)), desktop(6))).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: 'the host keeps 1 of 6 cores',
      evidence: [{ expected: '2 cores without vCPUs, CPU 0 among them' }, { observed: '6 cores; without vCPUs: 0,6' }],
    });
    expect(judge(pinned(range(1, 4)), desktop(5))).toMatchObject({ status: 'pass' });
  });

  it('mentions the first core', () => {
    expect(judge(pinned([0, 8, 1, 9]), desktop(8))).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: 'a vCPU is on CPUs 0,8, where the kernel has work that only the first core can do',
    });
  });

  it('does not blame a guest that needs all cores of one cache or node, as on an X3D', () => {
    expect(judge(pinned([...range(0, 8), ...range(16, 8)]), X3D)).toMatchObject({ status: 'pass' });
    expect(judge(pinned(range(0, 7)), X3D)).toMatchObject({ status: 'fail', severity: 'minor' });
    const nodes = aTopology([{ cores: 2 }, { cores: 2 }, { cores: 4, node: 1 }]);
    expect(judge(pinned(range(0, 4)), nodes)).toMatchObject({ status: 'pass' });
  });

  it('counts vCPUs where they are not pinned', () => {
    expect(judge('<vcpu>16</vcpu>', desktop(8))).toMatchObject({ status: 'fail', message: 'the guest has 16 vCPUs, the host 16 CPUs' });
    expect(judge('<vcpu>15</vcpu>', desktop(8))).toMatchObject({ status: 'not-applicable', message: 'the vCPUs are not pinned' });
  });

  it('fails for more vCPUs than the host has CPUs, pinned or not', () => {
    const message = 'the guest has 16 vCPUs, the host 2 CPUs';
    expect(judge(pinned(range(4, 16)), desktop(1))).toMatchObject({ status: 'fail', message });
    expect(judge(pinned(range(0, 16)), desktop(2, 1))).toMatchObject({ status: 'fail', message });
    expect(judge('<vcpu>16</vcpu>', desktop(2, 1))).toMatchObject({ status: 'fail', message });
  });

  it('leaves pins to CPUs that the host does not have to pin-online', () => {
    expect(judge(pinned([8, 9]), desktop(4))).toMatchObject({
      status: 'not-applicable',
      message: 'the host has no such CPUs switched on (see domain/cpu/pin-online)',
    });
  });

  it('is not applicable to a host of one core, and without a device', () => {
    expect(judge(pinned([0]), desktop(1))).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: pinned([0]), gpu: false }, { cpuTopology: desktop(8) })).toMatchObject({
      status: 'not-applicable',
    });
  });
});
