import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './stimer-direct.ts';

const parts = (inner: string, attributes = '') => ({ body: `<features><hyperv${attributes}>${inner}</hyperv></features>` });

describe(rule.id, () => {
  it('passes with direct mode', () => {
    expect(judgeOneDomain(rule, parts("<stimer state='on'><direct state='on'/></stimer>"))).toMatchObject({ status: 'pass' });
  });

  it('fails without, at the timers, and adds it', () => {
    const wrong = parts("\n  <stimer state='on'/>\n");
    expect(judgeOneDomain(rule, wrong)).toMatchObject({ status: 'fail', evidence: [{ observed: "<stimer state='on'/>" }] });
    expect(fixed(rule, wrong)).toContain("<stimer state='on'>\n    <direct state='on'/>\n  </stimer>");
  });

  it('does not turn on what somebody turned off', () => {
    const outcome = judgeOneDomain(rule, parts("<stimer state='on'><direct state='off'/></stimer>"));
    expect(outcome).toMatchObject({ status: 'fail' });
    expect(outcome).not.toHaveProperty('edits');
  });

  it.each([
    ['without synthetic timers', parts("<relaxed state='on'/>")],
    ['whose timers are off', parts("<stimer state='off'/>")],
    ['whose enlightenments the host chooses', parts("<stimer state='on'/>", " mode='passthrough'")],
    ['of Linux', { ...parts("<stimer state='on'/>"), os: null, name: 'fedora' }],
  ])('says nothing of a guest %s', (_what, given) => {
    expect(judgeOneDomain(rule, given)).toMatchObject({ status: 'not-applicable' });
  });
});
