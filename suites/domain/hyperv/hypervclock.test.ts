import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './hypervclock.ts';

const clock = (timers: string) => ({ body: `<clock offset='localtime'>${timers}</clock>` });

describe(rule.id, () => {
  it('passes with the timer', () => {
    expect(judgeOneDomain(rule, clock("<timer name='hypervclock' present='yes'/>"))).toMatchObject({ status: 'pass' });
  });

  it('passes when the host chooses the enlightenments', () => {
    expect(judgeOneDomain(rule, { body: "<features><hyperv mode='passthrough'/></features>" })).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['', 'there is no timer hypervclock'],
    ["<timer name='hypervclock'/>", "the timer hypervclock is off: only present='yes' turns it on"],
    ["<timer name='hypervclock' present='no'/>", "the timer hypervclock is off: only present='yes' turns it on"],
  ])('fails with %j, and turns it on', (timers, message) => {
    expect(judgeOneDomain(rule, clock(timers))).toMatchObject({ status: 'fail', message });
    expect(fixed(rule, clock(timers))).toContain("<timer name='hypervclock' present='yes'/>");
  });

  it('writes a clock where there is none', () => {
    expect(fixed(rule, {})).toContain("<clock offset='utc'>\n    <timer name='hypervclock' present='yes'/>\n  </clock>");
  });

  it.each([
    ['of Linux', { os: null, name: 'ubuntu' }],
    ['without KVM', { attributes: "type='qemu'" }],
    ['whose CPU hides that it is virtual', { body: "<cpu><feature policy='disable' name='hypervisor'/></cpu>" }],
  ])('says nothing of a guest %s', (_what, parts) => {
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'not-applicable' });
  });
});
