import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './topology-product.ts';

const topology = (attributes: string, vcpus = 8): string => `<vcpu>${vcpus}</vcpu>\n  <cpu>\n    <topology ${attributes}/>\n  </cpu>`;

describe(rule.id, () => {
  it('passes when sockets, dies, cores and threads multiply to the vCPUs', () => {
    expect(judgeOneDomain(rule, { body: topology("sockets='1' dies='1' cores='4' threads='2'") })).toMatchObject({ status: 'pass' });
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

  it('fails on a number that is none', () => {
    expect(judgeOneDomain(rule, { body: topology("sockets='1' cores='8' threads='x'") })).toMatchObject({ status: 'fail' });
  });

  it('says nothing of a definition without a topology', () => {
    expect(judgeOneDomain(rule, { body: '<vcpu>8</vcpu>' })).toMatchObject({ status: 'not-applicable' });
  });
});
