import { describe, expect, it } from 'vitest';

import { anIsolation, pinned } from '../../../test/cpu-facts.ts';
import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { desktop } from '../../../test/topologies.ts';
import { known } from '../../../test/facts.ts';
import type { CpuIsolation } from '../../../src/facts/cpu-isolation.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import rule from './emulatorpin.ts';

const NO_HOST = { cpuIsolation: NO_HOST_FACT, cpuTopology: NO_HOST_FACT };
const isolated = (...cpus: readonly number[]): Omit<typeof NO_HOST, 'cpuIsolation'> & { cpuIsolation: Attempt<CpuIsolation> } => ({
  ...NO_HOST,
  cpuIsolation: known(anIsolation({ isolated: cpus })),
});

describe(rule.id, () => {
  it('passes on CPUs without vCPUs', () => {
    const body = pinned([2, 3], "<emulatorpin cpuset='0-3,^2,^3'/>");
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'pass', evidence: [{ source: 'win11.xml:12' }] });
  });

  it.each([
    ["<emulatorpin cpuset='2'/>", 'major', 'QEMU’s own threads run on CPU 2, which has a vCPU'],
    ["<emulatorpin cpuset='2-3'/>", 'major', 'QEMU’s own threads run on CPUs 2-3, which have vCPUs'],
    ["<emulatorpin cpuset='0-2'/>", 'minor', 'QEMU’s own threads may run on CPU 2, which has a vCPU'],
  ])('fails on CPUs of vCPUs: %s', (more, severity, message) => {
    expect(judgeOneDomain(rule, { body: pinned([2, 3], more) }, NO_HOST)).toMatchObject({ status: 'fail', severity, message });
  });

  it('fails without a pin, unless everything else stays away from isolated CPUs', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 3]) }, NO_HOST)).toMatchObject({
      status: 'fail',
      severity: 'minor',
      evidence: [{ expected: '<emulatorpin>' }],
    });
    expect(judgeOneDomain(rule, { body: pinned([2, 3]) }, isolated(2))).toMatchObject({
      status: 'fail',
      evidence: [{}, { observed: '2' }],
    });
    expect(judgeOneDomain(rule, { body: pinned([2, 3]) }, isolated(2, 3, 4))).toMatchObject({ status: 'pass' });
  });

  it('takes vcpu@cpuset for the emulator, as libvirt does', () => {
    const body = "<vcpu cpuset='2-3'>1</vcpu><cputune><vcpupin vcpu='0' cpuset='2'/></cputune>";
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({
      status: 'fail',
      severity: 'minor',
      evidence: [{ observed: "cpuset='2-3'" }],
    });
  });

  it('is not applicable where vCPUs have no CPUs of their own', () => {
    const outcomes = [
      judgeOneDomain(rule, { body: pinned([0, 1]) }, { ...NO_HOST, cpuTopology: known(desktop(1)) }),
      judgeOneDomain(rule, { body: '<vcpu>2</vcpu>' }, NO_HOST),
      judgeOneDomain(rule, { body: "<vcpu cpuset='2-3'>2</vcpu>" }, NO_HOST),
      judgeOneDomain(rule, { body: pinned([2], "<emulatorpin cpuset='x'/>") }, NO_HOST),
      judgeOneDomain(rule, { body: pinned([2]), gpu: false }, NO_HOST),
    ];
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'not-applicable'));
  });
});
