import { describe, expect, it } from 'vitest';

import { aProcessor } from '../../../test/cpu-facts.ts';
import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { known } from '../../../test/facts.ts';
import { ok } from '../../../src/host/reading.ts';
import rule from './nested.ts';

const NO_HOST = { cpu: NO_HOST_FACT };
const KVM = { name: 'kvm_amd', hasNestedPaging: true, hasUnrestrictedGuest: null, hasVirtualInterrupts: null } as const;
const host = (allowsNesting: boolean | null): { cpu: ReturnType<typeof known<ReturnType<typeof aProcessor>>> } => ({
  cpu: known(aProcessor(['svm'], { kvmModule: ok({ ...KVM, allowsNesting }) })),
});
const HOST_CPU = { body: "<cpu mode='host-passthrough'/>" };
const withFeature = (policy: string): { body: string } => ({
  body: `<cpu mode='host-passthrough'><feature policy='${policy}' name='svm'/></cpu>`,
});

describe(rule.id, () => {
  it('passes when it is switched off in the definition or on the host', () => {
    expect(judgeOneDomain(rule, withFeature('disable'), host(true))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, HOST_CPU, host(false))).toMatchObject({ status: 'pass' });
  });

  it('mentions what is switched on by name, with and without a host', () => {
    expect(judgeOneDomain(rule, withFeature('require'), NO_HOST)).toMatchObject({
      status: 'fail',
      message: 'svm is switched on: Windows can run virtual machines, and may turn VBS on',
      remedy: { steps: [{ line: "policy='disable'" }] },
    });
  });

  it('mentions what the host gives its guests', () => {
    expect(judgeOneDomain(rule, HOST_CPU, host(true))).toMatchObject({
      status: 'fail',
      evidence: [{ source: 'win11.xml:8' }, { source: '/sys/module/kvm_amd/parameters/nested', observed: 'Y' }],
    });
  });

  it('says nothing where it cannot know, and of other systems and models', () => {
    const outcomes = [
      judgeOneDomain(rule, HOST_CPU, NO_HOST),
      judgeOneDomain(rule, { ...HOST_CPU, os: 'win/10' }, host(true)),
      judgeOneDomain(rule, HOST_CPU, host(null)),
      judgeOneDomain(rule, { body: "<cpu mode='host-model'/>" }, host(true)),
      judgeOneDomain(rule, { ...withFeature('require'), os: null, name: 'fedora' }, host(true)),
    ];
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'not-applicable'));
  });
});
