import { describe, expect, it } from 'vitest';

import { anIsolation, pinned } from '../../../test/cpu-facts.ts';
import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aPciDevice, known } from '../../../test/facts.ts';
import { aTopology, desktop, HYBRID, X3D } from '../../../test/topologies.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { CpuTopology } from '../../../src/facts/cpu-topology.ts';
import rule from './l3-locality.ts';

const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);
/** Whole cores with two threads on a host of `total` cores that numbers siblings after the cores. */
const whole = (cores: readonly number[], total: number): string => pinned(cores.flatMap((core) => [core, core + total]));

function judge(
  body: string,
  cpuTopology: CpuTopology,
  given: { readonly isolated?: readonly number[]; readonly gpuNode?: number } = {},
): Outcome {
  const { isolated = [], gpuNode } = given;
  return judgeOneDomain(
    rule,
    { body },
    {
      cpuTopology,
      cpuIsolation: known(anIsolation({ isolated })),
      pciDevices: gpuNode === undefined ? NO_HOST_FACT : known([aPciDevice({ numaNode: gpuNode })]),
    },
  );
}

/** Two nodes with two caches of four cores each: a Threadripper 1950X. */
const FOUR_CCX = aTopology([{ cores: 4 }, { cores: 4 }, { cores: 4, node: 1 }, { cores: 4, node: 1 }]);

describe(rule.id, () => {
  it('passes within one cache', () => {
    expect(judge(whole(range(1, 6), 8), desktop(8))).toMatchObject({ status: 'pass' });
    expect(judge(whole(range(1, 7), 16), X3D)).toMatchObject({ status: 'pass' });
    expect(judge(pinned([12, 13, 2, 3]), HYBRID)).toMatchObject({ status: 'pass' });
  });

  it('fails on two caches when one has room', () => {
    expect(judge(whole(range(6, 4), 16), X3D)).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: 'the vCPUs are on 2 third-level caches, and one has room for them',
      evidence: [
        { source: 'win11.xml:9' },
        { source: '/sys/devices/system/cpu/cpu0/cache', observed: 'level 3 of 98304 KiB for CPUs 0-7,16-23' },
        { observed: 'level 3 of 32768 KiB for CPUs 8-15,24-31' },
      ],
    });
  });

  it('does not blame a guest that is larger than a cache, but one on more caches than it needs', () => {
    expect(judge(whole(range(4, 12), 16), X3D)).toMatchObject({ status: 'pass', message: expect.stringContaining('fewer have no room') });
    expect(judge(whole([5, 6, 9, 10, 13, 14], 16), FOUR_CCX)).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: expect.stringContaining('and 2 have'),
    });
  });

  it('counts cores: vCPUs that have a core each take as much room as pairs', () => {
    expect(judge(pinned(range(2, 6)), aTopology([{ cores: 4 }, { cores: 4 }]))).toMatchObject({ status: 'pass' });
  });

  it('does not count the core that the kernel needs as room', () => {
    const two = aTopology([{ cores: 4 }, { cores: 2 }]);
    expect(judge(whole([2, 3, 4, 5], 6), two)).toMatchObject({ status: 'pass', message: expect.any(String) });
  });

  it('asks for room on the node of the GPU only, where that is large enough', () => {
    const near = aTopology([{ cores: 2 }, { cores: 2 }, { cores: 2 }, { cores: 8, node: 1 }]);
    expect(judge(whole([2, 3, 4, 5], 14), near, { gpuNode: 0 })).toMatchObject({ status: 'pass' });
    expect(judge(whole([2, 3, 4, 5], 14), near)).toMatchObject({ status: 'pass' });
    expect(judge(whole([5, 6, 7], 16), FOUR_CCX, { gpuNode: 1 })).toMatchObject({ status: 'pass' });
    expect(judge(whole([11, 12, 13], 16), FOUR_CCX, { gpuNode: 1 })).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('prefers the larger cache where it has room', () => {
    expect(judge(whole(range(8, 4), 16), X3D)).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: 'the vCPUs share 32 MiB, and CPUs 0-7,16-23 share 96 MiB',
    });
    expect(judge(whole(range(8, 8), 16), X3D)).toMatchObject({ status: 'pass' });
    expect(judge(whole(range(0, 8), 16), X3D)).toMatchObject({ status: 'pass' });
  });

  it('does not send a guest away from isolated cores, or to another node', () => {
    expect(judge(whole(range(8, 4), 16), X3D, { isolated: [...range(8, 4), ...range(24, 4)] })).toMatchObject({ status: 'pass' });
    const apart = aTopology([
      { cores: 8, sizeKiB: 98_304 },
      { cores: 8, node: 1 },
    ]);
    expect(judge(whole(range(8, 4), 16), apart)).toMatchObject({ status: 'pass' });
  });

  it('is not applicable without a third level, without pins, and without a device', () => {
    expect(judge(pinned([1, 2]), aTopology([{ cores: 4, hasCache: false }]))).toMatchObject({ status: 'not-applicable' });
    expect(judge('<vcpu>4</vcpu>', X3D)).toMatchObject({ status: 'not-applicable' });
    const facts = { cpuTopology: X3D, cpuIsolation: NO_HOST_FACT, pciDevices: NO_HOST_FACT };
    expect(judgeOneDomain(rule, { body: pinned([1, 9]), gpu: false }, facts)).toMatchObject({ status: 'not-applicable' });
  });
});
