import { describe, expect, it } from 'vitest';

import { anIsolation, pinned } from '../../../test/cpu-facts.ts';
import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { desktop } from '../../../test/topologies.ts';
import { known } from '../../../test/facts.ts';
import rule from './iothreadpin.ts';

const NO_HOST = { cpuIsolation: NO_HOST_FACT, cpuTopology: NO_HOST_FACT };
const tuned = (more: string, count = 2): { body: string } => ({ body: `<iothreads>${count}</iothreads>\n  ${pinned([2, 3], more)}` });
const pins = (...lists: readonly string[]): string =>
  lists.map((cpuset, index) => `<iothreadpin iothread='${index + 1}' cpuset='${cpuset}'/>`).join('');

describe(rule.id, () => {
  it('passes when each is pinned elsewhere', () => {
    expect(judgeOneDomain(rule, tuned(pins('0', '1,4-5')), NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it.each([
    [pins('0', '3'), 'major', 'I/O thread 2 runs on CPU 3, which has a vCPU'],
    [pins('0-2', '2-3'), 'major', 'I/O thread 2 runs on CPUs 2-3, which have vCPUs'],
    [pins('0-2', '0'), 'minor', 'I/O thread 1 may run on CPU 2, which has a vCPU'],
    [pins('0'), 'minor', 'I/O thread 2 may run on the CPUs of the vCPUs'],
    ['', 'minor', 'I/O threads 1, 2 may run on the CPUs of the vCPUs'],
  ])('fails with "%s"', (more, severity, message) => {
    expect(judgeOneDomain(rule, tuned(more), NO_HOST)).toMatchObject({ status: 'fail', severity, message });
  });

  it('needs no pin where the CPUs of the vCPUs are isolated', () => {
    expect(judgeOneDomain(rule, tuned(''), { ...NO_HOST, cpuIsolation: known(anIsolation({ isolated: [2, 3] })) })).toMatchObject({
      status: 'pass',
    });
  });

  it('is not applicable without I/O threads, or without pins of vCPUs', () => {
    const outcomes = [
      judgeOneDomain(rule, tuned(''), { ...NO_HOST, cpuTopology: known({ ...desktop(1), online: [2, 3] }) }),
      judgeOneDomain(rule, { body: pinned([2, 3]) }, NO_HOST),
      judgeOneDomain(rule, { body: '<vcpu>2</vcpu><iothreads>1</iothreads>' }, NO_HOST),
      judgeOneDomain(rule, tuned(pins('x')), NO_HOST),
      judgeOneDomain(rule, { ...tuned(''), gpu: false }, NO_HOST),
    ];
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'not-applicable'));
  });
});
