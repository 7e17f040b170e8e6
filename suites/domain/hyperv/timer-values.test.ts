import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './timer-values.ts';

const clock = (timers: string) => ({ body: `<clock offset='localtime'>${timers}</clock>` });

// What libvirt 9.0 says to each of them.
describe(rule.id, () => {
  it.each([
    "<timer name='rtc' tickpolicy='catchup' track='guest' present='no'/>",
    "<timer name='pit' tickpolicy='discard'/>",
    "<timer name='hpet' present='no' tickpolicy='merge'/>",
    "<timer name='tsc' mode='native' frequency='3600000000' present='yes'/>",
    "<timer name='kvmclock' present='no'/>",
    "<timer name='hypervclock'/>",
  ])('passes with %s', (timer) => {
    expect(judgeOneDomain(rule, clock(timer))).toMatchObject({ status: 'pass' });
  });

  it.each([
    ["<timer name='t1'/>", "libvirt has no timer 't1' for this guest"],
    ["<timer present='no'/>", "libvirt has no timer '' for this guest"],
    ["<timer name='platform'/>", "libvirt has no timer 'platform' for this guest"],
    ["<timer name='armvtimer' present='no'/>", "libvirt has no timer 'armvtimer' for this guest"],
    ["<timer name='constructor'/>", "libvirt has no timer 'constructor' for this guest"],
    ["<timer name='hpet' present='on'/>", "libvirt accepts no present='on' for the timer hpet"],
    ["<timer name='rtc' tickpolicy='merge'/>", "libvirt accepts no tickpolicy='merge' for the timer rtc"],
    ["<timer name='rtc' track='boot'/>", "libvirt accepts no track='boot' for the timer rtc"],
    ["<timer name='pit' tickpolicy='merge'/>", "libvirt accepts no tickpolicy='merge' for the timer pit"],
    ["<timer name='tsc' mode='fast'/>", "libvirt accepts no mode='fast' for the timer tsc"],
  ])('fails with %s', (timer, message) => {
    expect(judgeOneDomain(rule, clock(timer))).toMatchObject({ status: 'fail', message });
  });

  it('is less sure of what an older libvirt lets pass', () => {
    expect(judgeOneDomain(rule, clock("<timer name='hypervclock' present='yes' tickpolicy='delay'/>"))).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: 'libvirt accepts no tickpolicy for the timer hypervclock',
    });
  });

  it('judges each timer', () => {
    expect(judgeDomain(rule, clock("<timer name='rtc'/><timer name='x'/>")).map(({ status }) => status)).toEqual(['pass', 'fail']);
  });

  it('says nothing without timers', () => {
    expect(judgeOneDomain(rule, { body: "<clock offset='utc'/>" })).toMatchObject({ status: 'not-applicable' });
  });
});
