import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, fixed, judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './dependencies.ts';

const CLOCK = "<clock offset='utc'>\n    <timer name='hypervclock' present='yes'/>\n  </clock>";
const parts = (inner: string, rest = '') => ({ body: `<features>\n    <hyperv>${inner}</hyperv>\n  </features>\n  ${rest}` });
const on = (...names: string[]): string => names.map((name) => `\n      <${name} state='on'/>`).join('');

describe(rule.id, () => {
  it('passes when each has what it needs', () => {
    expect(judgeOneDomain(rule, parts(on('vpindex', 'synic', 'stimer', 'tlbflush', 'ipi'), CLOCK))).toMatchObject({ status: 'pass' });
  });

  it('names what is missing, and where it is wanted', () => {
    expect(judgeOneDomain(rule, parts(on('tlbflush', 'ipi')))).toMatchObject({
      status: 'fail',
      message: 'tlbflush and ipi need vpindex, which is off',
      evidence: [{ source: 'win11.xml:10', observed: "<tlbflush state='on'/>" }],
    });
  });

  it('wants the timer hypervclock with the synthetic timers', () => {
    expect(judgeOneDomain(rule, parts(on('vpindex', 'synic', 'stimer')))).toMatchObject({
      message: 'stimer needs the timer hypervclock, which is off',
    });
    const off = CLOCK.replace("'yes'", "'no'");
    expect(judgeOneDomain(rule, parts(on('vpindex', 'synic', 'stimer'), off))).toMatchObject({ status: 'fail' });
  });

  it('judges any guest of KVM, and no other', () => {
    const wrong = parts(on('synic'));
    expect(judgeOneDomain(rule, { ...wrong, os: null, name: 'debian' })).toMatchObject({ status: 'fail' });
    expect(judgeOneDomain(rule, { ...wrong, attributes: "type='qemu'" })).toMatchObject({ status: 'not-applicable' });
  });

  it.each([
    ['without <hyperv>', '<features/>'],
    ['whose enlightenments the host chooses', "<features><hyperv mode='passthrough'><synic state='on'/></hyperv></features>"],
  ])('says nothing of a guest %s', (_what, body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'not-applicable' });
  });
});

describe(`the fix of ${rule.id}`, () => {
  it('turns on what is missing, the timer and what that needs included', () => {
    const text = fixed(rule, parts(`${on('stimer')}\n    `));
    expect(text).toContain("<stimer state='on'/>\n      <synic state='on'/>\n      <vpindex state='on'/>\n    </hyperv>");
    expect(text).toContain("<timer name='hypervclock' present='yes'/>");
  });

  it.each([on('synic'), "<evmcs state='on'/>", on('stimer', 'ipi')])('works on %s in one line', (inner) => {
    expect(fixed(rule, parts(inner, CLOCK))).toContain("state='on'/>");
  });

  it('does not turn on what somebody turned off', () => {
    const outcomes = judgeDomain(rule, aDocument(aDefinition(parts(`${on('stimer')}<synic state='off'/>`))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fail', 'fail', 'fail']);
    expect(outcomes.some((outcome) => 'edits' in outcome)).toBe(false);
  });
});
