import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aCpu } from '../../../test/facts.ts';
import rule from './evmcs-intel.ts';

const parts = (state: string, attributes = '') => ({
  body: `<features><hyperv${attributes}><evmcs state='${state}'/></hyperv></features>`,
});
const AMD = { cpu: aCpu({ vendor: 'amd', modelName: 'AMD Ryzen 9 5950X', flags: new Set(['svm']) }) };

describe(rule.id, () => {
  it.each([
    ['Intel', { cpu: aCpu() }],
    ['another maker with VMX', { cpu: aCpu({ vendor: 'other' }) }],
  ])('passes with a CPU of %s', (_what, facts) => {
    expect(judgeOneDomain(rule, parts('on'), facts)).toMatchObject({ status: 'pass' });
  });

  it.each([AMD, { cpu: aCpu({ vendor: 'other', flags: new Set(['svm']) }) }])('fails with SVM', (facts) => {
    expect(judgeOneDomain(rule, parts('on'), facts)).toMatchObject({
      status: 'fail',
      evidence: [{ observed: "<evmcs state='on'/>" }, { source: '/proc/cpuinfo', observed: facts.cpu.modelName }],
    });
  });

  it.each([parts('off'), parts('on', " mode='passthrough'"), { body: '' }])('says nothing of %j', (given) => {
    expect(judgeOneDomain(rule, given, AMD)).toMatchObject({ status: 'not-applicable' });
  });
});
