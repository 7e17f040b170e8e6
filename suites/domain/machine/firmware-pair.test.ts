import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './firmware-pair.ts';

const os = (code: string, vars: string, { loader = '', nvram = '' } = {}): string =>
  `<os>\n    <loader readonly='yes' type='pflash'${loader}>${code}</loader>\n    <nvram template='${vars}'${nvram}>/n/vm.fd</nvram>\n  </os>`;
const DEBIAN = '/usr/share/OVMF';

describe(rule.id, () => {
  it.each([
    [`${DEBIAN}/OVMF_CODE_4M.ms.fd`, `${DEBIAN}/OVMF_VARS_4M.ms.fd`],
    [`${DEBIAN}/OVMF_CODE.fd`, `${DEBIAN}/OVMF_VARS.fd`],
    ['/usr/share/edk2/x64/OVMF_CODE.secboot.4m.fd', '/usr/share/edk2/x64/OVMF_VARS.4m.fd'],
    ['/usr/share/edk2/ovmf/OVMF_CODE_4M.secboot.qcow2', '/usr/share/edk2/ovmf/OVMF_VARS_4M.secboot.qcow2'],
    ['/usr/share/qemu/ovmf-x86_64-smm-ms-code.bin', '/usr/share/qemu/ovmf-x86_64-smm-ms-vars.bin'],
    ['/run/libvirt/nix-ovmf/edk2-x86_64-secure-code.fd', '/run/libvirt/nix-ovmf/edk2-i386-vars.fd'],
    [`${DEBIAN}/OVMF_CODE_4M.fd`, '/home/me/my_VARS.fd'],
  ])('passes for %s with %s', (code, vars) => {
    expect(judgeOneDomain(rule, { body: os(code, vars) })).toMatchObject({ status: 'pass' });
  });

  it.each([
    [
      `${DEBIAN}/OVMF_CODE_4M.fd`,
      `${DEBIAN}/OVMF_VARS.fd`,
      'the loader is a build of 4 MiB, the template one of 2 MiB: with variables made from it the variables are forgotten',
    ],
    [
      `${DEBIAN}/OVMF_CODE_4M.ms.fd`,
      `${DEBIAN}/OVMF_VARS.ms.fd`,
      'the loader is a build of 4 MiB, the template one of 2 MiB: with variables made from it the firmware crashes',
    ],
    [
      `${DEBIAN}/OVMF_CODE.fd`,
      `${DEBIAN}/OVMF_VARS_4M.fd`,
      'the loader is a build of 2 MiB, the template one of 4 MiB: with variables made from it the firmware crashes',
    ],
  ])('fails for %s with %s', (code, vars, message) => {
    expect(judgeOneDomain(rule, { body: os(code, vars) })).toMatchObject({
      status: 'fail',
      message,
      evidence: [{ source: 'win11.xml:10', observed: `template='${vars}'` }],
    });
  });

  it('fails for a format that is not that of the file, by its name', () => {
    const [raw, qcow2] = [`${DEBIAN}/OVMF_CODE_4M.fd`, '/f/OVMF_CODE_4M.qcow2'];
    expect(judgeDomain(rule, { body: os(qcow2, '/f/OVMF_VARS_4M.fd', { loader: " format='raw'" }) })).toMatchObject([
      { status: 'fail', message: "format='raw' for /f/OVMF_CODE_4M.qcow2", evidence: [{ expected: "format='qcow2'" }] },
    ]);
    expect(judgeDomain(rule, { body: os(raw, `${DEBIAN}/OVMF_VARS_4M.fd`, { loader: " format='qcow2'" }) })).toHaveLength(2);
    expect(judgeOneDomain(rule, { body: os(raw, `${DEBIAN}/OVMF_VARS_4M.fd`, { nvram: " format='qcow2'" }) })).toMatchObject({
      status: 'fail',
      message: 'the template is raw by its name, and taken as qcow2',
    });
  });

  it('passes when templateFormat says what the template is', () => {
    const body = os(`${DEBIAN}/OVMF_CODE_4M.fd`, `${DEBIAN}/OVMF_VARS_4M.fd`, { nvram: " templateFormat='raw' format='qcow2'" });
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it('says nothing without a loader, or without a template', () => {
    expect(judgeOneDomain(rule, { body: "<os firmware='efi'/>" })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: `<os><loader type='pflash'>${DEBIAN}/OVMF_CODE.fd</loader></os>` })).toMatchObject({
      status: 'not-applicable',
    });
  });
});
