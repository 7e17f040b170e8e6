import { describe, expect, it } from 'vitest';

import { anIsolation, pinned } from '../../../test/cpu-facts.ts';
import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aTopology, desktop, HYBRID } from '../../../test/topologies.ts';
import { known } from '../../../test/facts.ts';
import type { CpuIsolation } from '../../../src/facts/cpu-isolation.ts';
import { ok } from '../../../src/host/reading.ts';
import rule from './split-core.ts';

/** Threads n and n+8 are one core. */
const cpuTopology = desktop(8);
const with_ = (
  given: Partial<CpuIsolation> = {},
): { cpuTopology: typeof cpuTopology; cpuIsolation: ReturnType<typeof known<CpuIsolation>> } => ({
  cpuTopology,
  cpuIsolation: known(anIsolation(given)),
});

describe(rule.id, () => {
  it('passes with whole cores, in ranges and one by one', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 10, 3, 11]) }, with_())).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: "<vcpu cpuset='2-3,10-11'>4</vcpu>" }, with_())).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: pinned([8, 9, 10, 11]) }, { ...with_(), cpuTopology: HYBRID })).toMatchObject({ status: 'pass' });
  });

  it('fails when the host has the other threads', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 3]) }, with_())).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: 'a vCPU has CPU 2, and the host CPU 10 of the same core; so it is with 2 cores, where the host has CPUs 10-11',
      evidence: [
        { source: 'win11.xml:10', observed: "<vcpupin vcpu='0' cpuset='2'/>" },
        { source: '/sys/devices/system/cpu/cpu2/topology/core_cpus_list', observed: '2,10' },
        { source: '/sys/devices/system/cpu/isolated', observed: 'no CPU' },
      ],
    });
  });

  it('passes when nothing of the host runs on the other threads', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 3]) }, with_({ isolated: [2, 3, 10, 11] }))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: pinned([2, 3]) }, with_({ hostPrograms: ok([0, 1, 8, 9]) }))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: pinned([2, 3]) }, with_({ isolated: [10] }))).toMatchObject({ status: 'fail' });
  });

  it('passes when the other thread is switched off', () => {
    const facts = { ...with_(), cpuTopology: aTopology([{ cores: 4 }], 'after', [6]) };
    expect(judgeOneDomain(rule, { body: pinned([2, 3, 7]) }, facts)).toMatchObject({ status: 'pass' });
  });

  it('lets the odd vCPU of an odd number be alone', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 10, 3]) }, with_())).toMatchObject({
      status: 'pass',
      message: 'an odd vCPU is alone on its core',
    });
    expect(judgeOneDomain(rule, { body: pinned([2, 3, 4]) }, with_())).toMatchObject({ status: 'fail' });
  });

  it('is milder where a hook may keep them free, or that is not known', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 3]) }, with_({ hasHook: ok(true) }))).toMatchObject({
      status: 'fail',
      severity: 'minor',
      evidence: [{}, {}, {}, { source: '/etc/libvirt/hooks/qemu' }],
    });
    expect(judgeOneDomain(rule, { body: pinned([2, 3]) }, { cpuTopology, cpuIsolation: NO_HOST_FACT })).toMatchObject({
      severity: 'minor',
    });
  });

  it('is not applicable without SMT, without pins, and without a device', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 3]) }, { ...with_(), cpuTopology: desktop(8, 1) })).toMatchObject({
      status: 'not-applicable',
    });
    expect(judgeOneDomain(rule, { body: '<vcpu>2</vcpu>' }, with_())).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: pinned([2, 3]), gpu: false }, with_())).toMatchObject({ status: 'not-applicable' });
  });
});
