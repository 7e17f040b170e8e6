import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './linux-only.ts';

describe(rule.id, () => {
  it('passes without them', () => {
    const features = "<features><kvm><hidden state='on'/><pv-ipi state='off'/></kvm><pvspinlock state='off'/></features>";
    const body = `${features}<clock offset='localtime'><timer name='kvmclock' present='no'/></clock>`;
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it('names each', () => {
    const body =
      "<features><kvm><hint-dedicated state='on'/><poll-control state='on'/></kvm><pvspinlock/></features><clock offset='utc'><timer name='kvmclock' present='yes'/></clock>";
    expect(judgeDomain(rule, { body }).map((outcome) => 'message' in outcome && outcome.message)).toEqual([
      'hint-dedicated means nothing to Windows',
      'poll-control means nothing to Windows',
      'pvspinlock means nothing to Windows',
      'the timer kvmclock means nothing to Windows',
    ]);
  });

  it('says nothing of a Linux guest', () => {
    const body = "<features><kvm><hint-dedicated state='on'/></kvm></features>";
    expect(judgeOneDomain(rule, { body, os: null, name: 'ubuntu' })).toMatchObject({ status: 'not-applicable' });
  });
});
