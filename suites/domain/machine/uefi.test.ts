import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './uefi.ts';

describe(rule.id, () => {
  it.each([
    "<os firmware='efi'/>",
    "<os><loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.ms.fd</loader></os>",
    "<os><loader type='rom'>/usr/share/ovmf/OVMF.fd</loader></os>",
  ])('passes with %s', (body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it.each([
    "<os><type machine='q35'>hvm</type></os>",
    "<os firmware='bios'/>",
    '',
    "<os><loader type='rom'>/usr/share/seabios/bios.bin</loader></os>",
  ])('fails for Windows 11 with %s', (body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'fail' });
  });

  it('says nothing of Windows 10, which starts from a BIOS, and of other guests', () => {
    expect(judgeOneDomain(rule, { os: 'win/10' })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { os: null })).toMatchObject({ status: 'not-applicable' });
  });

  it('names the loader that is a BIOS', () => {
    expect(judgeOneDomain(rule, { body: '<os>\n    <loader>/usr/share/seabios/bios.bin</loader>\n  </os>' })).toMatchObject({
      message: '/usr/share/seabios/bios.bin is no UEFI firmware',
      evidence: [{ source: 'win11.xml:9', expected: "firmware='efi'" }],
    });
  });
});
