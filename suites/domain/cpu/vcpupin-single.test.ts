import { describe, expect, it } from 'vitest';

import { anIsolation, pinned } from '../../../test/cpu-facts.ts';
import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { desktop, X3D } from '../../../test/topologies.ts';
import { known } from '../../../test/facts.ts';
import rule from './vcpupin-single.ts';

const NO_HOST = { cpuIsolation: NO_HOST_FACT, cpuTopology: NO_HOST_FACT };
const QUIET = { cpuIsolation: known(anIsolation()), cpuTopology: known(desktop(8)) };

describe(rule.id, () => {
  it('passes when each has one CPU', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, '3-3', '4-5,^5']) }, NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it.each([
    [NO_HOST, 'no host'],
    [QUIET, 'one cache, nothing isolated'],
  ])('takes a range for a choice that one can make (%#)', (facts) => {
    expect(judgeOneDomain(rule, { body: pinned([2, '3-5', '3-5']) }, facts)).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: 'vCPU 1 may run on CPUs 3-5, and 1 more on several',
      evidence: [{ source: 'win11.xml:11', observed: "<vcpupin vcpu='1' cpuset='3-5'/>" }],
    });
  });

  it('takes it seriously on isolated CPUs: all vCPUs stay on the first', () => {
    const facts = { ...QUIET, cpuIsolation: known(anIsolation({ isolated: [4, 5, 6, 7] })) };
    expect(judgeOneDomain(rule, { body: "<vcpu cpuset='4-7'>4</vcpu>" }, facts)).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: expect.stringContaining('vCPU 0 may run on CPUs 4-7, between which the scheduler does not move it'),
      evidence: [{}, { source: '/sys/devices/system/cpu/isolated', observed: '4-7' }],
    });
    expect(judgeOneDomain(rule, { body: pinned(['3-4']) }, facts)).toMatchObject({ severity: 'minor' });
  });

  it('takes it seriously over several caches', () => {
    expect(judgeOneDomain(rule, { body: pinned(['1-2', '6-9']) }, { ...QUIET, cpuTopology: known(X3D) })).toMatchObject({
      severity: 'major',
      message: 'vCPU 1 may run on CPUs 6-9, which have several third-level caches, and 1 more on several',
      evidence: [{}, { observed: 'level 3 of 98304 KiB for CPUs 0-7,16-23' }, { observed: 'level 3 of 32768 KiB for CPUs 8-15,24-31' }],
    });
  });

  it('is not applicable without pins and without a device', () => {
    expect(judgeOneDomain(rule, { body: '<vcpu>2</vcpu>' }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: pinned(['0-7']), gpu: false }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
