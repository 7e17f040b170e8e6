import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aCpu } from '../../../test/facts.ts';
import { ABSENT, ok } from '../../../src/host/reading.ts';
import rule from './avic-hardware.ts';

const AVIC = { body: "<features><hyperv><avic state='on'/></hyperv></features>" };
const MODULE = { name: 'kvm_amd', hasNestedPaging: true, allowsNesting: true, hasUnrestrictedGuest: null } as const;
const amd = (hasVirtualInterrupts: boolean | null) => ({
  cpu: aCpu({ vendor: 'amd', kvmModule: ok({ ...MODULE, hasVirtualInterrupts }) }),
});

describe(rule.id, () => {
  it.each([{ cpu: aCpu() }, amd(true)])('passes where KVM uses it', (facts) => {
    expect(judgeOneDomain(rule, AVIC, facts)).toMatchObject({ status: 'pass' });
  });

  it('fails where KVM does not', () => {
    expect(judgeOneDomain(rule, AVIC, amd(false))).toMatchObject({
      status: 'fail',
      evidence: [{ observed: "<avic state='on'/>" }, { source: '/sys/module/kvm_amd/parameters/avic', observed: 'off' }],
    });
  });

  it.each([
    [amd(null), '/sys/module/kvm_amd/parameters/avic'],
    [{ cpu: aCpu({ kvmModule: ABSENT }) }, '/sys/module/kvm_intel/parameters/enable_apicv'],
  ])('does not pass where nobody could look', (facts, source) => {
    expect(judgeOneDomain(rule, AVIC, facts)).toMatchObject({ status: 'unknown', evidence: [{ source }] });
  });

  it('says nothing without it', () => {
    expect(judgeOneDomain(rule, { body: '<features><hyperv/></features>' }, amd(false))).toMatchObject({ status: 'not-applicable' });
  });
});
