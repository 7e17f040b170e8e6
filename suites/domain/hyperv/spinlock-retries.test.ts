import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './spinlock-retries.ts';

const SPINLOCKS = "<features><hyperv><spinlocks state='on' retries='8191'/></hyperv></features>";
const pins = (...cpus: string[]): string =>
  `<vcpu>2</vcpu><cputune>${cpus.map((set, vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='${set}'/>`).join('')}</cputune>`;

describe(rule.id, () => {
  it.each([[[]], [['2']], [['2-3', '2-3']]])('passes with the pins %j: others may run there', (cpus) => {
    expect(judgeOneDomain(rule, { body: `${pins(...cpus)}${SPINLOCKS}` })).toMatchObject({ status: 'pass' });
  });

  it('says that they are of no use where every vCPU has a CPU of its own', () => {
    expect(judgeOneDomain(rule, { body: `${pins('2', '3')}${SPINLOCKS}` })).toMatchObject({
      status: 'fail',
      message: "retries='8191' is of no use where every vCPU has a CPU of its own",
    });
  });

  it.each([
    ['without spinlocks', '<features><hyperv/></features>'],
    ['whose spinlocks are off', SPINLOCKS.replace("'on'", "'off'")],
  ])('says nothing of a guest %s', (_what, features) => {
    expect(judgeOneDomain(rule, { body: `${pins('2', '3')}${features}` })).toMatchObject({ status: 'not-applicable' });
  });
});
