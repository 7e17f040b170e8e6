import { describe, expect, it } from 'vitest';

import { pinned } from '../../../test/cpu-facts.ts';
import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { desktop, HYBRID } from '../../../test/topologies.ts';
import rule from './hybrid.ts';

/** Performance cores 0-11 (six with two threads), efficiency cores 12-19. */
const HOST = { cpuTopology: HYBRID };

describe(rule.id, () => {
  it('passes on cores of one kind', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 3, 4, 5]) }, HOST)).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: pinned([12, 13, 14, 15]) }, HOST)).toMatchObject({ status: 'pass' });
  });

  it('fails on both, and says which are which', () => {
    expect(judgeOneDomain(rule, { body: pinned([8, 9, 12, 13]) }, HOST)).toMatchObject({
      status: 'fail',
      message: 'the vCPUs are on performance cores (CPUs 8-9) and on efficiency cores (CPUs 12-13)',
      evidence: [
        {},
        { source: '/sys/devices/cpu_core/cpus', observed: '0-11' },
        { source: '/sys/devices/cpu_atom/cpus', observed: '12-19' },
      ],
    });
    expect(judgeOneDomain(rule, { body: "<vcpu cpuset='2-19'>8</vcpu>" }, HOST)).toMatchObject({ status: 'fail' });
  });

  it('does not blame a guest that is larger than either kind', () => {
    const cpus = Array.from({ length: 11 }, (_, index) => index + 2);
    expect(judgeOneDomain(rule, { body: pinned(cpus) }, HOST)).toMatchObject({
      status: 'pass',
      message: 'neither kind has 11 CPUs for a guest',
    });
    expect(judgeOneDomain(rule, { body: pinned(cpus.slice(1)) }, HOST)).toMatchObject({ status: 'fail' });
  });

  it('is not applicable on other hosts, without pins, and without a device', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 3]) }, { cpuTopology: desktop(8) })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: '<vcpu>4</vcpu>' }, HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: pinned([11, 12]), gpu: false }, HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
