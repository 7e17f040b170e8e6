import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './loader.ts';

const os = (attributes: string, path = '/usr/share/OVMF/OVMF_CODE_4M.fd'): string =>
  `<os>\n    <loader${attributes}>${path}</loader>\n  </os>`;

describe(rule.id, () => {
  it('passes for read-only flash', () => {
    expect(judgeOneDomain(rule, { body: os(" readonly='yes' type='pflash'") })).toMatchObject({ status: 'pass' });
  });

  it('fails for code as a ROM, which QEMU does not load, and mends it', () => {
    expect(judgeOneDomain(rule, { body: os('') })).toMatchObject({
      status: 'fail',
      message: '/usr/share/OVMF/OVMF_CODE_4M.fd as a ROM: QEMU does not load it',
      evidence: [{ source: 'win11.xml:9', expected: "type='pflash' readonly='yes'" }],
    });
    expect(fixed(rule, { body: os(" type='rom'") })).toContain("<loader type='pflash' readonly='yes'>");
    expect(fixed(rule, { body: os('') })).toContain("<loader readonly='yes' type='pflash'>");
  });

  it.each(['/usr/share/OVMF/OVMF_CODE.fd', '/usr/share/ovmf/OVMF.fd'])('is major for %s as a ROM, which starts and forgets', (path) => {
    const outcome = judgeOneDomain(rule, { body: os(" type='rom'", path) });
    expect(outcome).toMatchObject({ status: 'fail', severity: 'major' });
    expect(outcome).not.toHaveProperty('edits');
  });

  it('fails for shared firmware that the guest may write, and mends it', () => {
    expect(judgeOneDomain(rule, { body: os(" readonly='no' type='pflash'") })).toMatchObject({
      message: '/usr/share/OVMF/OVMF_CODE_4M.fd is writable for the guest',
    });
    expect(judgeOneDomain(rule, { body: os(" type='pflash'") })).toMatchObject({ status: 'fail', severity: 'major' });
    expect(fixed(rule, { body: os(" type='pflash' readonly='no'") })).toContain("type='pflash' readonly='yes'");
  });

  it.each([
    ['a BIOS', os('', '/usr/share/seabios/bios.bin')],
    ['flash of its own', os(" type='pflash'", '/var/lib/libvirt/qemu/nvram/vm.fd')],
    ['what libvirt chooses', os('').replace('<os>', "<os firmware='efi'>")],
    ['firmware of a SEV guest', `${os(" type='rom'", '/usr/share/ovmf/OVMF.amdsev.fd')}<launchSecurity type='sev'/>`],
    ['stateless firmware', os(" type='pflash' stateless='yes'")],
    ['a definition without a loader', "<os firmware='efi'/>"],
    ['an empty loader', os(" type='pflash'", '')],
  ])('says nothing of %s', (_, body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'not-applicable' });
  });
});
