import { describe, expect, it } from 'vitest';

import { pinned } from '../../../test/cpu-facts.ts';
import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aTopology, desktop, HYBRID } from '../../../test/topologies.ts';
import rule from './threads.ts';

/** Threads n and n+8 are one core. */
const SMT = { cpuTopology: desktop(8) };
const NO_SMT = { cpuTopology: desktop(8, 1) };
const cores = (count: number, threads: number): string => `sockets='1' cores='${count}' threads='${threads}'`;

describe(rule.id, () => {
  it('passes when pairs of threads are called threads, and cores cores', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 10, 3, 11], '', cores(2, 2)) }, SMT)).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: pinned([2, 3, 4, 5], '', cores(4, 1)) }, SMT)).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: pinned([2]) }, SMT)).toMatchObject({ status: 'pass' });
  });

  it('fails when threads are called cores', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 10, 3, 11], '', cores(4, 1)) }, SMT)).toMatchObject({
      status: 'fail',
      message: 'vCPUs 0 and 1 are threads of one core of the host, and the guest takes them for cores',
      evidence: [
        { observed: "threads='1'", expected: "threads='2'" },
        { source: expect.stringContaining('cpu2/topology'), observed: '2,10' },
      ],
    });
    expect(judgeOneDomain(rule, { body: pinned([2, 10]) }, SMT)).toMatchObject({ status: 'fail' });
  });

  it('fails when cores are called threads', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 3, 4, 5], '', cores(2, 2)) }, SMT)).toMatchObject({
      status: 'fail',
      message: 'the guest is told of 2 threads on each core, but every vCPU has a core of the host for itself',
      evidence: [{ expected: "threads='1'" }, {}],
    });
  });

  it('fails on threads where the host has none, pinned or not', () => {
    const message = 'the guest is told of 2 threads on each core, and the cores of the host have one';
    expect(judgeOneDomain(rule, { body: pinned([2, 3], '', cores(1, 2)) }, NO_SMT)).toMatchObject({ status: 'fail', message });
    expect(judgeOneDomain(rule, { body: `<vcpu>2</vcpu><cpu><topology ${cores(1, 2)}/></cpu>` }, NO_SMT)).toMatchObject({
      status: 'fail',
      message,
    });
  });

  it('asks for four threads on a host with four', () => {
    const four = { cpuTopology: aTopology([{ cores: 4, threads: 4 }], 'next') };
    expect(judgeOneDomain(rule, { body: pinned([4, 5, 6, 7], '', cores(2, 2)) }, four)).toMatchObject({
      evidence: [{ expected: "threads='4'" }, {}],
    });
  });

  it('does not ask for what no topology can say: odd numbers, and cores of two kinds', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 10, 3], '', cores(3, 1)) }, SMT)).toMatchObject({
      status: 'pass',
      message: expect.any(String),
    });
    expect(judgeOneDomain(rule, { body: pinned([2, 3, 12, 13], '', cores(4, 1)) }, { cpuTopology: HYBRID })).toMatchObject({
      status: 'pass',
    });
  });

  it('leaves out vCPUs that are not plugged in, and CPUs that there are not', () => {
    const pins = [2, 10, 3, 11].map((cpu, vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='${cpu}'/>`).join('');
    const body = `<vcpu current='2'>4</vcpu><cputune>${pins}</cputune><cpu><topology ${cores(2, 2)}/></cpu>`;
    expect(judgeOneDomain(rule, { body }, SMT)).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: pinned([98, 99]) }, SMT)).toMatchObject({ status: 'not-applicable' });
  });

  it('is not applicable where vCPUs may run on several CPUs, and without a device', () => {
    expect(judgeOneDomain(rule, { body: pinned(['2-3', '2-3'], '', cores(1, 2)) }, SMT)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: pinned([2, 10]), gpu: false }, SMT)).toMatchObject({ status: 'not-applicable' });
  });
});
