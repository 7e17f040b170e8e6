import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './tpm-single.ts';

const TPM = "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>";

describe(rule.id, () => {
  it('passes for one', () => {
    expect(judgeOneDomain(rule, { devices: TPM })).toMatchObject({ status: 'pass' });
  });

  it('fails for two, at the second, and names none to remove', () => {
    const outcome = judgeOneDomain(rule, { devices: `${TPM}\n    ${TPM}` });
    expect(outcome).toMatchObject({ status: 'fail', message: 'there are 2 TPMs: libvirt takes one', location: { line: 10 } });
    expect(outcome).not.toHaveProperty('edits');
  });

  it('says nothing without any', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });
});
