import { describe, expect, it } from 'vitest';

import { pinned } from '../../../test/cpu-facts.ts';
import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { desktop } from '../../../test/topologies.ts';
import { known } from '../../../test/facts.ts';
import rule from './vcpupin-unique.ts';

const NO_HOST = { cpuTopology: NO_HOST_FACT };

describe(rule.id, () => {
  it.each([
    pinned([2, 3, 4]),
    pinned(['2-3', '2-3']),
    pinned(['2-3', '2', '3-4']),
    "<vcpu cpuset='0-7'>8</vcpu>",
    "<vcpu cpuset='0'>1</vcpu>",
  ])('passes with %s', (body) => {
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it('fails when two vCPUs have one CPU, and shows both pins', () => {
    expect(judgeOneDomain(rule, { body: pinned([4, 20, 5, 21, 20]) }, NO_HOST)).toMatchObject({
      status: 'fail',
      message: 'vCPUs 1 and 4 are both pinned to CPU 20',
      evidence: [
        { source: 'win11.xml:14', observed: "<vcpupin vcpu='4' cpuset='20'/>" },
        { source: 'win11.xml:11', observed: "<vcpupin vcpu='1' cpuset='20'/>" },
      ],
    });
  });

  it('sees one CPU behind two ways to write it', () => {
    expect(judgeOneDomain(rule, { body: pinned(['2', ' 2-2', '3']) }, NO_HOST)).toMatchObject({
      message: 'vCPUs 0 and 1 are both pinned to CPU 2',
    });
  });

  it.each([
    [pinned([2, 2, 2]), 'vCPUs 0-2 are all pinned to CPU 2'],
    [pinned([2, 2, 3, 3, 4, 4]), 'vCPUs 0 and 1 are both pinned to CPU 2, and 2 more such places'],
    [pinned(['2-3', '2-3', '2-3']), 'vCPUs 0-2 are all pinned to CPUs 2-3'],
    ["<vcpu cpuset='2-3'>4</vcpu>", 'vCPUs 0-3 are all pinned to CPUs 2-3'],
    [pinned(['2-3', '2', '3']), '3 vCPUs share the CPUs 2-3'],
  ])('says how many share what: %s', (body, message) => {
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'fail', message });
  });

  it('fails when a vCPU has only CPUs that others have to have, however many there are elsewhere', () => {
    expect(judgeOneDomain(rule, { body: pinned(['2-3', '2', '3', '6-7']) }, NO_HOST)).toMatchObject({
      status: 'fail',
      message: 'vCPU 0 is pinned to the CPUs 2-3, which other vCPUs need',
    });
    expect(judgeOneDomain(rule, { body: pinned(['2', '2-3', '3-4', '4', '8-15']) }, NO_HOST)).toMatchObject({
      message: 'vCPU 2 is pinned to the CPUs 3-4, which other vCPUs need',
    });
  });

  it('is not applicable where some are not pinned, or a list is none', () => {
    expect(judgeOneDomain(rule, { body: '<vcpu>2</vcpu>' }, NO_HOST)).toMatchObject({
      status: 'not-applicable',
      message: 'the vCPUs are not pinned',
    });
    expect(judgeOneDomain(rule, { body: pinned(['2', 'x']) }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: pinned([0, 1, 0]) }, { cpuTopology: known(desktop(1)) })).toMatchObject({
      status: 'not-applicable',
    });
    expect(judgeOneDomain(rule, { body: pinned([2, 2]), gpu: false }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });

  it('judges 4,096 vCPUs at once', () => {
    expect(judgeOneDomain(rule, { body: pinned(Array.from({ length: 4096 }, () => 1)) }, NO_HOST)).toMatchObject({
      message: 'vCPUs 0-4095 are all pinned to CPU 1',
    });
  });
});
