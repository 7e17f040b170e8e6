import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aPciDevice } from '../../../test/facts.ts';
import rule from './kvm-hidden.ts';

const HIDDEN = { body: "<features><kvm><hidden state='on'/></kvm></features>" };
const NO_HOST = { pciDevices: NO_HOST_FACT };
const RADEON = { pciDevices: { ok: true, value: [aPciDevice({ vendor: '1002' })] } } as const;

describe(rule.id, () => {
  it('says that it may go, and when it is still needed', () => {
    const outcome = judgeOneDomain(rule, HIDDEN, NO_HOST);
    expect(outcome).toMatchObject({
      status: 'fail',
      evidence: [{ observed: "<hidden state='on'/>" }],
      remedy: { summary: expect.stringMatching(/you may remove.*older than 465/) },
    });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('leaves it alone with a Radeon', () => {
    expect(judgeOneDomain(rule, HIDDEN, RADEON)).toMatchObject({ status: 'pass' });
  });

  it('says what a Linux guest loses', () => {
    expect(judgeOneDomain(rule, { ...HIDDEN, os: null, name: 'ubuntu' }, RADEON)).toMatchObject({ status: 'fail', severity: 'minor' });
  });

  it.each([
    ['of macOS', { ...HIDDEN, os: null, name: 'macOS' }],
    ['where it is off', { body: "<features><kvm><hidden state='off'/></kvm></features>" }],
    ['without it', { body: '' }],
    ['without KVM', { ...HIDDEN, attributes: "type='qemu'" }],
  ])('says nothing of a guest %s', (_what, parts) => {
    expect(judgeOneDomain(rule, parts, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
