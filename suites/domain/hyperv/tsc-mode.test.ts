import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './tsc-mode.ts';

const clock = (timers: string) => ({ body: `<clock offset='localtime'>${timers}</clock>` });

describe(rule.id, () => {
  it('passes without a mode', () => {
    expect(judgeOneDomain(rule, clock("<timer name='tsc' present='yes'/>"))).toMatchObject({ status: 'pass' });
  });

  it.each(['native', 'paravirt'])('says that the mode %s does nothing', (mode) => {
    expect(judgeOneDomain(rule, clock(`<timer name='tsc' present='yes' mode='${mode}'/>`))).toMatchObject({
      status: 'fail',
      message: `mode='${mode}' of the TSC does nothing with QEMU`,
      evidence: [{ observed: `mode='${mode}'` }],
    });
  });

  it('says nothing without such a timer', () => {
    expect(judgeOneDomain(rule, clock("<timer name='rtc'/>"))).toMatchObject({ status: 'not-applicable' });
  });
});
