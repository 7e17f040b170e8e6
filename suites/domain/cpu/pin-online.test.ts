import { describe, expect, it } from 'vitest';

import { pinned } from '../../../test/cpu-facts.ts';
import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import { aTopology, desktop } from '../../../test/topologies.ts';
import rule from './pin-online.ts';

const HOST = { cpuTopology: desktop(4) };
const ONE_OFF = { cpuTopology: aTopology([{ cores: 4 }], 'after', [7]) };

describe(rule.id, () => {
  it('passes when all of them are online', () => {
    const more = "<emulatorpin cpuset='0,4'/>";
    expect(judgeOneDomain(rule, { body: pinned([1, 5, '2-3'], more), gpu: false }, HOST)).toMatchObject({ status: 'pass' });
  });

  it('blocks a CPU that the host does not have, in a range, too', () => {
    expect(judgeOneDomain(rule, { body: pinned([1, '6-9']) }, HOST)).toMatchObject({
      status: 'fail',
      message: 'the host has no CPUs 8-9',
      evidence: [
        { source: 'win11.xml:11', observed: "cpuset='6-9'", expected: 'some of 0-7' },
        { source: '/sys/devices/system/cpu/online', observed: '0-7' },
      ],
    });
  });

  it.each([
    ["<vcpu cpuset='9'>1</vcpu>", 'the host has no CPU 9'],
    [pinned([1], "<emulatorpin cpuset='8'/>"), 'the host has no CPU 8'],
    [`<iothreads>1</iothreads>${pinned([1], "<iothreadpin iothread='1' cpuset='8'/>")}`, 'the host has no CPU 8'],
  ])('judges all kinds of pins: %s', (body, message) => {
    const outcome = judgeOneDomain(rule, { body }, HOST);
    expect(outcome).toMatchObject({ status: 'fail', message });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('says once what is wrong at many pins, with ten more places at most', () => {
    expect(judgeDomain(rule, { body: pinned([1, 9, 10]) }, HOST)).toMatchObject([
      { message: 'the host has no CPUs 9-10', evidence: [{ observed: "cpuset='9'" }, { observed: '0-7' }, { observed: "cpuset='10'" }] },
    ]);
    const [outcome, ...others] = judgeDomain(rule, { body: pinned(Array.from({ length: 300 }, (_, index) => index)) }, HOST);
    expect(outcome).toMatchObject({ message: 'the host has no CPUs 8-299', evidence: { length: 12 } });
    expect(others).toEqual([]);
  });

  it('tells missing CPUs apart from those that are switched off', () => {
    expect(judgeDomain(rule, { body: pinned([8, 7, '6-7']) }, ONE_OFF)).toMatchObject([
      { message: 'the host has no CPU 8' },
      { message: 'switched off: CPU 7' },
      { message: 'switched off: CPU 7', severity: 'major' },
    ]);
  });

  it('blocks a CPU that is switched off; a list with others starts under cgroup v2', () => {
    expect(judgeOneDomain(rule, { body: pinned([7]) }, ONE_OFF)).toMatchObject({ status: 'fail', message: 'switched off: CPU 7' });
    expect(judgeOneDomain(rule, { body: pinned(['6-7']) }, ONE_OFF)).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('leaves alone pins that libvirt does not apply: of vCPUs that are not plugged in, and that there are not', () => {
    const pins = [0, 1, 2].map((vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='${vcpu * 8}'/>`).join('');
    expect(judgeOneDomain(rule, { body: `<vcpu current='1'>2</vcpu><cputune>${pins}</cputune>` }, HOST)).toMatchObject({ status: 'pass' });
  });

  it('is not applicable without pins', () => {
    expect(judgeOneDomain(rule, { body: '<vcpu>2</vcpu>' }, HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: pinned(['x']) }, HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
