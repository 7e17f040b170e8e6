import { describe, expect, it } from 'vitest';

import { fixed, judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './missed-ticks.ts';

const clock = (timers: string) => ({ body: `<clock offset='localtime'>${timers}</clock>` });
const RTC = "<timer name='rtc' tickpolicy='catchup'/>";

describe(rule.id, () => {
  it.each([RTC, `${RTC}<timer name='pit' tickpolicy='delay'/>`, `${RTC}<timer name='pit' tickpolicy='catchup'/>`])(
    'passes with %s',
    (timers) => {
      expect(judgeOneDomain(rule, clock(timers))).toMatchObject({ status: 'pass' });
    },
  );

  it.each(['', "<timer name='rtc'/>", "<timer name='rtc' tickpolicy='delay'/>"])('fails with %j, and mends it', (timers) => {
    expect(judgeOneDomain(rule, clock(timers))).toMatchObject({
      status: 'fail',
      message: 'ticks of the RTC that the guest missed are not made up for',
    });
    expect(fixed(rule, clock(timers))).toContain(RTC);
  });

  it('fails when ticks of the PIT are thrown away, too', () => {
    const wrong = clock("<timer name='pit' tickpolicy='discard'/>");
    expect(judgeDomain(rule, wrong).map((outcome) => 'message' in outcome && outcome.message)).toEqual([
      'ticks of the RTC that the guest missed are not made up for',
      'ticks of the PIT that the guest missed are thrown away',
    ]);
    expect(fixed(rule, wrong)).toContain("<timer name='pit' tickpolicy='delay'/>");
  });

  it('passes when QEMU is told directly', () => {
    const attributes = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
    const body = "<qemu:commandline><qemu:arg value='-rtc'/><qemu:arg value='base=localtime,driftfix=slew'/></qemu:commandline>";
    expect(judgeOneDomain(rule, { attributes, body })).toMatchObject({ status: 'pass' });
  });

  it('says nothing of a Linux guest', () => {
    expect(judgeOneDomain(rule, { os: null, name: 'arch' })).toMatchObject({ status: 'not-applicable' });
  });
});
