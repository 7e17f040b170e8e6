import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './tpm-shared.ts';

describe(rule.id, () => {
  it.each(['emulator', 'external'])('passes for the backend %s', (type) => {
    expect(judgeOneDomain(rule, { devices: `<tpm><backend type='${type}'/></tpm>` })).toMatchObject({ status: 'pass' });
  });

  it('fails for the TPM of the host, whoever the guest is', () => {
    const devices = "<tpm model='tpm-tis'>\n      <backend type='passthrough'><device path='/dev/tpm0'/></backend>\n    </tpm>";
    expect(judgeOneDomain(rule, { os: null, devices })).toMatchObject({
      status: 'fail',
      evidence: [{ source: 'win11.xml:5', observed: "<backend type='passthrough'>" }],
    });
  });

  it('says nothing without a TPM', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });
});
