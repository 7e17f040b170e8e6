import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './numa-sum.ts';

const cells = (memory: string): string =>
  `${memory}\n  <cpu><numa><cell memory='4' unit='GiB'/><cell memory='4096' unit='MiB'/></numa></cpu>`;
const DIMM = "<memory model='dimm'><target><size unit='GiB'>2</size></target></memory>";

describe(rule.id, () => {
  it('passes when they add up', () => {
    expect(judgeOneDomain(rule, { body: cells("<memory unit='GiB'>8</memory>") })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: cells("<memory unit='GiB'>10</memory>"), devices: DIMM })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: cells('') })).toMatchObject({ status: 'pass', evidence: [{ observed: 'no <memory>' }] });
  });

  it('fails when <memory> was changed alone', () => {
    expect(judgeOneDomain(rule, { body: cells("<memory unit='GiB'>16</memory>") })).toMatchObject({
      status: 'fail',
      message: '<memory> is 16384 MiB, the NUMA cells add up to 8192 MiB',
      evidence: [{ source: 'win11.xml:8', expected: '8192 MiB' }],
    });
    const outcome = judgeOneDomain(rule, { body: cells("<memory unit='GiB'>8</memory>"), devices: DIMM });
    expect(outcome).toMatchObject({ message: '<memory> is 8192 MiB, the NUMA cells and memory devices add up to 10240 MiB' });
  });

  it('does not apply without cells, nor to sizes that cannot be read', () => {
    expect(judgeOneDomain(rule, { body: "<memory unit='GiB'>8</memory>" })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: "<cpu><numa><cell memory='-1'/></numa></cpu>" })).toMatchObject({ status: 'not-applicable' });
  });
});
