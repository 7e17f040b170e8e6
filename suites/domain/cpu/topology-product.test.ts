import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './topology-product.ts';

const topology = (attributes: string, vcpu = '<vcpu>8</vcpu>'): string => `${vcpu}\n  <cpu>\n    <topology ${attributes}/>\n  </cpu>`;

describe(rule.id, () => {
  it.each([
    ["sockets='1' dies='1' cores='4' threads='2'", '<vcpu>8</vcpu>'],
    ["sockets='1' dies='2' clusters='1' cores='2' threads='2'", '<vcpu>8</vcpu>'],
    ["sockets='1' cores='4' threads='2'", "<vcpu placement='static' current='3'>8</vcpu>"],
    ["sockets='1' cores='1' threads='1'", ''],
  ])('passes when %s is %s', (attributes, vcpu) => {
    expect(judgeOneDomain(rule, { body: topology(attributes, vcpu) })).toMatchObject({ status: 'pass' });
  });

  it('fails when they do not, and names the line', () => {
    const outcome = judgeOneDomain(rule, { body: topology("sockets='1' cores='4' threads='1'") });
    expect(outcome).toMatchObject({
      status: 'fail',
      message: 'the topology has 4 threads, the domain 8 vCPUs',
      evidence: [{ source: 'win11.xml:10', observed: "<topology sockets='1' cores='4' threads='1'/>" }],
      location: { file: 'win11.xml', line: 10, column: 5 },
    });
  });

  it('counts the vCPUs that can be plugged in, not those that the guest starts with', () => {
    const body = topology("sockets='1' cores='2' threads='2'", "<vcpu current='4'>8</vcpu>");
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'fail', message: 'the topology has 4 threads, the domain 8 vCPUs' });
  });

  it.each([
    ["sockets='1' cores='8' threads='x'", 'x is no number of threads'],
    ["sockets='1' cores='8' threads='0'", '0 is no number of threads'],
    ["sockets='-1' cores='8' threads='1'", '-1 is no number of sockets'],
    ["sockets='1' cores='8'", 'the topology does not say how many threads there are'],
    ["sockets='1' clusters='2' cores='2' threads='2'", 'the topology has 2 clusters, and no x86 machine of QEMU has any'],
  ])('fails on %s, which is refused', (attributes, message) => {
    expect(judgeOneDomain(rule, { body: topology(attributes) })).toMatchObject({ status: 'fail', message });
  });

  it('says nothing of a definition without a topology, or without a number of vCPUs', () => {
    expect(judgeOneDomain(rule, { body: '<vcpu>8</vcpu>' })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: topology("sockets='1' cores='1' threads='1'", '<vcpu>two</vcpu>') })).toMatchObject({
      status: 'not-applicable',
    });
  });
});
