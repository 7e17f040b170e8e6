import { describe, expect, it } from 'vitest';

import { anIsolation, pinned } from '../../../test/cpu-facts.ts';
import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { known } from '../../../test/facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import rule from './vcpusched.ts';

const FIFO = "<vcpusched vcpus='0-1' scheduler='fifo' priority='1'/>";

function judge(more: string, isolated: readonly number[] | null = [2, 3]): Outcome {
  const cpuIsolation = isolated === null ? NO_HOST_FACT : known(anIsolation({ isolated }));
  return judgeOneDomain(rule, { body: pinned([2, 3], more), gpu: false }, { cpuIsolation });
}

describe(rule.id, () => {
  it('passes on isolated CPUs, and with batch', () => {
    expect(judge(FIFO)).toMatchObject({ status: 'pass' });
    expect(judge("<vcpusched vcpus='0' scheduler='batch'/>", [])).toMatchObject({ status: 'pass' });
  });

  it('fails on CPUs that the host uses, too', () => {
    expect(judge(FIFO, [3])).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: 'vCPUs 0 and 1 are scheduled by fifo on CPU 2, which the host uses, too',
      evidence: [
        { source: 'win11.xml:12', observed: "scheduler='fifo'" },
        { source: '/sys/devices/system/cpu/isolated', observed: '3' },
      ],
    });
  });

  it('is milder where the host is not known, and not where no CPU is named', () => {
    expect(judge(FIFO, null)).toMatchObject({ status: 'fail', severity: 'minor' });
    const body = `<vcpu>2</vcpu><cputune>${FIFO}</cputune>`;
    expect(judgeOneDomain(rule, { body }, { cpuIsolation: NO_HOST_FACT })).toMatchObject({
      severity: 'major',
      message: expect.stringContaining('any CPU of the host'),
    });
  });

  it('mentions idle', () => {
    expect(judge("<vcpusched vcpus='0' scheduler='idle'/>")).toMatchObject({ status: 'fail', severity: 'minor' });
  });

  // libvirt 9.0 refused to define or to start each of them.
  it.each([
    ["<vcpusched vcpus='0' scheduler='fifo'/>", 'the scheduler fifo has no priority'],
    ["<vcpusched vcpus='0' scheduler='rr' priority='0'/>", 'the priority 0 is not from 1 to 99'],
    ["<vcpusched vcpus='0' scheduler='rr' priority='100'/>", 'the priority 100 is not from 1 to 99'],
    ["<vcpusched vcpus='0' scheduler='turbo' priority='1'/>", 'there is no scheduler "turbo"'],
    ["<vcpusched vcpus='0-5' scheduler='fifo' priority='1'/>", 'the guest has no vCPUs 2-5'],
    ["<vcpusched scheduler='fifo' priority='1'/>", 'it does not say for which vCPUs'],
  ])('blocks %s', (more, message) => {
    const outcome = judge(more);
    expect(outcome).toMatchObject({ status: 'fail', message });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('judges each, a hundred at most, and says nothing where there is none', () => {
    const facts = { cpuIsolation: NO_HOST_FACT };
    expect(judgeDomain(rule, { body: pinned([2, 3], FIFO.repeat(200)) }, facts)).toHaveLength(100);
    expect(judgeOneDomain(rule, { body: pinned([2, 3]) }, facts)).toMatchObject({ status: 'not-applicable' });
  });
});
