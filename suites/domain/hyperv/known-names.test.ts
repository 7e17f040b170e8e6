import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aLibvirt } from '../../../test/facts.ts';
import rule from './known-names.ts';

const parts = (inner: string, attributes = '') => ({ body: `<features><hyperv${attributes}>${inner}</hyperv></features>` });
const on = (version: readonly [number, number] | null) => ({ libvirt: { ok: true, value: aLibvirt({ version }) } }) as const;
const NO_HOST = { libvirt: NO_HOST_FACT };
const EMSR = parts("<relaxed state='on'/><emsr_bitmap state='on'/>");

describe(rule.id, () => {
  it.each([
    ['without a host', NO_HOST],
    ['with a version that has it', on([10, 7])],
    ['with an unknown version', on(null)],
  ])('passes what a newer libvirt knows %s', (_what, facts) => {
    expect(judgeOneDomain(rule, EMSR, facts)).toMatchObject({ status: 'pass' });
  });

  it('fails with a libvirt that is too old, at the enlightenment', () => {
    expect(judgeOneDomain(rule, EMSR, on([10, 6]))).toMatchObject({
      status: 'fail',
      message: 'libvirt 10.6 of this host does not know emsr_bitmap',
      evidence: [{ observed: "<emsr_bitmap state='on'/>", expected: 'libvirt 10.7 or newer' }],
    });
  });

  it('is sure of a name that nobody knows with an old libvirt only', () => {
    const unknown = parts("<BBB state='on'/><constructor state='on'/>");
    const severities = (facts: typeof NO_HOST | ReturnType<typeof on>) =>
      judgeDomain(rule, unknown, facts).map((outcome) => (outcome.status === 'fail' ? (outcome.severity ?? 'its own') : outcome.status));
    expect(severities(on([9, 0]))).toEqual(['its own', 'its own']);
    expect(severities(on([12, 0]))).toEqual(['major', 'major']);
    expect(severities(NO_HOST)).toEqual(['major', 'major']);
  });

  it('knows the mode host-model of newer libvirt', () => {
    const given = parts('', " mode='host-model'");
    expect(judgeOneDomain(rule, given, on([9, 0]))).toMatchObject({
      status: 'fail',
      message: 'libvirt 9.0 of this host knows no mode host-model',
    });
    expect(judgeOneDomain(rule, given, on([12, 0]))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, given, NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it.each([parts('<BBB/>', " mode='passthrough'"), { body: '' }])('says nothing of %j', (given) => {
    expect(judgeOneDomain(rule, given, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
