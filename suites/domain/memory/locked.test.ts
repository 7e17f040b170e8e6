import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './locked.ts';

const LOCKED = '<memoryBacking><locked/></memoryBacking>';

describe(rule.id, () => {
  it('passes with a limit, and without <locked/>', () => {
    expect(judgeOneDomain(rule, { body: `${LOCKED}<memtune><hard_limit unit='G'>10</hard_limit></memtune>` })).toMatchObject({
      status: 'pass',
    });
    expect(judgeOneDomain(rule, { body: '' })).toMatchObject({ status: 'pass', evidence: [{ observed: 'no <locked/>' }] });
  });

  it('fails without a limit, and names the line', () => {
    const unlimited = '<memtune><hard_limit>9007199254740991</hard_limit></memtune>';
    for (const body of [LOCKED, `${LOCKED}${unlimited}`]) {
      expect(judgeOneDomain(rule, { body })).toMatchObject({
        status: 'fail',
        message: 'QEMU may lock any amount of memory',
        evidence: [{ source: 'win11.xml:8', observed: '<locked/>' }],
      });
    }
  });

  it('does not apply without a passed device', () => {
    expect(judgeOneDomain(rule, { body: LOCKED, gpu: false })).toMatchObject({ status: 'not-applicable' });
  });
});
