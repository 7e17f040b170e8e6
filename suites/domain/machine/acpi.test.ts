import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './acpi.ts';

const EFI = "<os firmware='efi'/>";

describe(rule.id, () => {
  it('passes with <acpi/>', () => {
    expect(judgeOneDomain(rule, { body: `${EFI}<features><acpi/></features>` })).toMatchObject({ status: 'pass' });
  });

  it('fails without it under UEFI, for any guest', () => {
    expect(judgeOneDomain(rule, { os: null, body: `${EFI}\n  <features>\n    <apic/>\n  </features>` })).toMatchObject({
      status: 'fail',
      message: 'UEFI without <acpi/>: libvirt refuses it',
      evidence: [{ source: 'win11.xml:4', observed: '<features>', expected: '<acpi/>' }],
    });
    const loader = "<os><loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader></os>";
    expect(judgeOneDomain(rule, { os: null, body: loader })).toMatchObject({ status: 'fail' });
  });

  it('fails for Windows from a BIOS', () => {
    expect(judgeOneDomain(rule, { os: 'win/10' })).toMatchObject({ status: 'fail', message: 'Windows does not start without <acpi/>' });
  });

  it('says nothing of another guest from a BIOS', () => {
    expect(judgeOneDomain(rule, { os: null })).toMatchObject({ status: 'not-applicable' });
  });

  it('is mended, with <features> or without', () => {
    expect(fixed(rule, { body: `${EFI}\n  <features>\n    <apic/>\n  </features>` })).toContain('    <apic/>\n    <acpi/>\n  </features>');
    expect(fixed(rule, { body: EFI })).toContain("<os firmware='efi'/>\n  <features>\n    <acpi/>\n  </features>\n");
    expect(fixed(rule, { body: `${EFI}<features/>` })).toContain('<acpi/>');
  });
});
