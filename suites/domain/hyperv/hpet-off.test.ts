import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './hpet-off.ts';

const clock = (timers: string) => ({ body: `<clock offset='localtime'>${timers}</clock>` });
const withArguments = (...values: string[]) => ({
  attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
  body: `<qemu:commandline>${values.map((value) => `<qemu:arg value='${value}'/>`).join('')}</qemu:commandline>`,
});

describe(rule.id, () => {
  it('passes when it is off', () => {
    expect(judgeOneDomain(rule, clock("<timer name='hpet' present='no'/>"))).toMatchObject({ status: 'pass' });
  });

  it.each([withArguments('-no-hpet'), withArguments('-machine', 'hpet=off')])('passes when QEMU is told directly', (parts) => {
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['', 'nothing turns the HPET off, and QEMU emulates one by default'],
    ["<timer name='hpet'/>", 'the HPET is on'],
    ["<timer name='hpet' present='yes'/>", 'the HPET is on'],
  ])('fails with %j, and turns it off', (timers, message) => {
    expect(judgeOneDomain(rule, clock(timers))).toMatchObject({ status: 'fail', message });
    expect(fixed(rule, clock(timers))).toContain("<timer name='hpet' present='no'/>");
  });

  it('says nothing of a Linux guest', () => {
    expect(judgeOneDomain(rule, { os: null, name: 'arch' })).toMatchObject({ status: 'not-applicable' });
  });
});
