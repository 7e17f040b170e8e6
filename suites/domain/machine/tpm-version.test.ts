import { describe, expect, it } from 'vitest';

import { fixed, judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './tpm-version.ts';

const tpm = (model: string, version: string, type = 'emulator'): string =>
  `<tpm${model}>\n      <backend type='${type}'${version}/>\n    </tpm>`;
const CRB = " model='tpm-crb'";
const TIS = " model='tpm-tis'";
const V12 = " version='1.2'";

describe(rule.id, () => {
  it.each([
    [CRB, " version='2.0'"],
    [TIS, " version='2.0'"],
    [CRB, ''],
    [CRB, " version='default'"],
  ])('passes for <tpm%s> with%s', (model, version) => {
    expect(judgeOneDomain(rule, { devices: tpm(model, version) })).toMatchObject({ status: 'pass' });
  });

  it('fails for tpm-crb with 1.2, whoever the guest is, and mends it', () => {
    const parts = { os: null, devices: tpm(CRB, V12) };
    expect(judgeOneDomain(rule, parts)).toMatchObject({
      status: 'fail',
      message: 'tpm-crb with TPM 1.2: libvirt refuses it',
      evidence: [{ source: 'win11.xml:5', observed: "version='1.2'" }],
    });
    expect(fixed(rule, parts)).toContain("<backend type='emulator' version='2.0'/>");
  });

  it('fails for Windows 11 with TPM 1.2, written or by default, and leaves the change to the user', () => {
    const outcome = judgeOneDomain(rule, { devices: tpm(TIS, '') });
    expect(outcome).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: 'no version is written: for tpm-tis libvirt takes TPM 1.2',
    });
    expect(outcome).not.toHaveProperty('edits');
    expect(judgeOneDomain(rule, { devices: tpm('', V12) })).toMatchObject({ status: 'fail', message: 'the TPM is version 1.2' });
  });

  it('fails for a version that there is not', () => {
    expect(judgeOneDomain(rule, { devices: tpm(CRB, " version='2'") })).toMatchObject({ message: 'libvirt knows no TPM version "2"' });
  });

  it('says nothing of TPM 1.2 for another guest, of the TPM of the host, and without any', () => {
    expect(judgeOneDomain(rule, { os: 'win/10', devices: tpm(TIS, V12) })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { devices: tpm(TIS, '', 'passthrough') })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });

  it('judges a few of many', () => {
    expect(judgeDomain(rule, { devices: tpm(CRB, '').repeat(1000) })).toHaveLength(8);
  });
});
