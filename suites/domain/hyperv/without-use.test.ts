import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './without-use.ts';

const parts = (inner: string) => ({ body: `<features><hyperv>${inner}</hyperv></features>` });
const BOTH = parts("<reset state='on'/><reenlightenment state='on'/>");

describe(rule.id, () => {
  it('passes without them', () => {
    expect(judgeOneDomain(rule, parts("<relaxed state='on'/><reset state='off'/>"))).toMatchObject({ status: 'pass' });
  });

  it('names each with its reason, at once', () => {
    expect(judgeDomain(rule, BOTH)).toMatchObject([
      {
        status: 'fail',
        message: 'reset and reenlightenment have no use here',
        remedy: { summary: expect.stringMatching(/<reset>, because Windows restarts without it.*; and <reenlightenment>, because/) },
      },
    ]);
    expect(judgeDomain(rule, parts("<reset state='on'/>"))).toMatchObject([{ message: 'reset has no use here' }]);
  });

  it.each([
    ['that may be migrated', { ...BOTH, gpu: false }],
    ['of Linux', { ...BOTH, os: null, name: 'ubuntu' }],
    ['without <hyperv>', { body: '' }],
  ])('says nothing of a guest %s', (_what, given) => {
    expect(judgeOneDomain(rule, given)).toMatchObject({ status: 'not-applicable' });
  });
});
