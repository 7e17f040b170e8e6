import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './tpm-model.ts';

const tpm = (model: string, backend = "type='emulator' version='2.0'"): string => `<tpm model='${model}'><backend ${backend}/></tpm>`;

describe(rule.id, () => {
  it('passes for tpm-crb', () => {
    expect(judgeOneDomain(rule, { devices: tpm('tpm-crb') })).toMatchObject({ status: 'pass' });
  });

  it('tells of tpm-tis that it works', () => {
    expect(judgeOneDomain(rule, { devices: tpm('tpm-tis') })).toMatchObject({
      status: 'fail',
      message: 'TPM 2.0 behind tpm-tis: harmless, it works',
      evidence: [{ source: 'win11.xml:9' }],
    });
  });

  it('says nothing of TPM 1.2, of the TPM of the host, of other guests and without any', () => {
    expect(judgeOneDomain(rule, { devices: tpm('tpm-tis', "type='emulator'") })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { devices: tpm('tpm-tis', "type='passthrough'") })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { os: 'win/10', devices: tpm('tpm-tis') })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });
});
