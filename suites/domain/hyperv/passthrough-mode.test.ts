import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './passthrough-mode.ts';

const parts = (attributes: string) => ({ body: `<features><hyperv${attributes}/></features>` });

describe(rule.id, () => {
  it.each(['', " mode='custom'", " mode='host-model'"])('passes with the mode %j', (attributes) => {
    expect(judgeOneDomain(rule, parts(attributes))).toMatchObject({ status: 'pass' });
  });

  it('fails with passthrough, and leaves the choice to a person', () => {
    const outcome = judgeOneDomain(rule, parts(" mode='passthrough'"));
    expect(outcome).toMatchObject({ status: 'fail', evidence: [{ observed: "mode='passthrough'" }] });
    expect(outcome).not.toHaveProperty('edits');
  });

  it.each([
    ['without <hyperv>', { body: '' }],
    ['of Linux', { ...parts(" mode='passthrough'"), os: null, name: 'ubuntu' }],
  ])('says nothing of a guest %s', (_what, given) => {
    expect(judgeOneDomain(rule, given)).toMatchObject({ status: 'not-applicable' });
  });
});
