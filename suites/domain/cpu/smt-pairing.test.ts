import { describe, expect, it } from 'vitest';

import { pinned } from '../../../test/cpu-facts.ts';
import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aTopology, desktop } from '../../../test/topologies.ts';
import rule from './smt-pairing.ts';

/** Threads n and n+6 are one core. */
const AFTER = { cpuTopology: desktop(6) };
/** Threads 2n and 2n+1 are one core. */
const NEXT = { cpuTopology: aTopology([{ cores: 6 }], 'next') };
const cores = (count: number, threads = 2): string => `sockets='1' cores='${count}' threads='${threads}'`;

describe(rule.id, () => {
  it('passes when pairs meet', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 8, 3, 9], '', cores(2)) }, AFTER)).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: pinned([9, 3, 8, 2], '', cores(2)) }, AFTER)).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: pinned([2, 3, 4, 5], '', cores(2)) }, NEXT)).toMatchObject({ status: 'pass' });
  });

  it('fails when numbers of another numbering were copied', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 3, 8, 9], '', cores(2)) }, AFTER)).toMatchObject({
      status: 'fail',
      message: 'vCPUs 0 and 1 are threads of one core in the guest, but CPUs 2-3 are different cores, and 1 more such pairs',
      evidence: [
        { source: 'win11.xml:11', observed: "<vcpupin vcpu='1' cpuset='3'/>", expected: 'the CPUs 2,8 for both' },
        { source: '/sys/devices/system/cpu/cpu2/topology/core_cpus_list', observed: '2,8' },
      ],
    });
    expect(judgeOneDomain(rule, { body: pinned([2, 8, 3, 9], '', cores(2)) }, NEXT)).toMatchObject({ status: 'fail' });
    expect(judgeOneDomain(rule, { body: pinned([2, 4, 3, 5], '', cores(2)) }, NEXT)).toMatchObject({ status: 'fail' });
  });

  it('judges the pairs of the vCPUs that the guest starts with', () => {
    const vcpus =
      "<vcpu current='4'>6</vcpu><vcpus><vcpu id='2' enabled='no'/><vcpu id='3' enabled='no'/><vcpu id='4' enabled='yes'/><vcpu id='5' enabled='yes'/></vcpus>";
    const pins = [1, 7, 0, 0, 2, 8].map((cpu, vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='${cpu}'/>`).join('');
    expect(judgeOneDomain(rule, { body: `${vcpus}<cputune>${pins}</cputune><cpu><topology ${cores(3)}/></cpu>` }, AFTER)).toMatchObject({
      status: 'pass',
    });
  });

  it('leaves a CPU that there is not to pin-online', () => {
    expect(judgeOneDomain(rule, { body: pinned([2, 8, 3, 99], '', cores(2)) }, AFTER)).toMatchObject({ status: 'not-applicable' });
  });

  it('is not applicable with one thread, without SMT, and where each vCPU has a core', () => {
    const outcomes = [
      judgeOneDomain(rule, { body: pinned([2, 3], '', cores(2, 1)) }, AFTER),
      judgeOneDomain(rule, { body: pinned([2, 3], '', cores(1)) }, { cpuTopology: desktop(6, 1) }),
      judgeOneDomain(rule, { body: pinned([2, 3], '', cores(1)) }, AFTER),
      judgeOneDomain(rule, { body: pinned(['2-3', '2-3'], '', cores(1)) }, AFTER),
    ];
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'not-applicable'));
  });
});
