import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aFirmwareDescriptor, someFirmwareDescriptors } from '../../../test/machine-facts.ts';
import rule from './nvram.ts';

const NO_HOST = { firmwareDescriptors: NO_HOST_FACT };
const OWN = '/opt/edk2/OVMF_CODE.fd';
const os = (path: string, nvram = '', attributes = " readonly='yes' type='pflash'"): string =>
  `<os>\n    <loader${attributes}>${path}</loader>${nvram}\n  </os>`;

describe(rule.id, () => {
  it.each([
    ['a file', os(OWN, '<nvram>/var/lib/libvirt/qemu/nvram/vm.fd</nvram>')],
    ['a template', os(OWN, "<nvram template='/opt/edk2/OVMF_VARS.fd'/>")],
    ['firmware of a package', os('/usr/share/OVMF/OVMF_CODE_4M.fd')],
  ])('passes with %s', (_, body) => {
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it('fails for code of your own without any', () => {
    expect(judgeOneDomain(rule, { body: os(OWN) }, NO_HOST)).toMatchObject({
      status: 'fail',
      message: `no <nvram> for ${OWN}, which no package brings`,
      evidence: [{ source: 'win11.xml:9' }],
      remedy: { steps: [{ line: "<nvram template='/opt/edk2/OVMF_VARS.fd'/>" }] },
    });
    expect(judgeOneDomain(rule, { body: os(OWN, '<nvram/>') }, NO_HOST)).toMatchObject({ status: 'fail' });
  });

  it('passes when the host has a descriptor of it', () => {
    const firmwareDescriptors = { ok: true as const, value: someFirmwareDescriptors([aFirmwareDescriptor(OWN)]) };
    expect(judgeOneDomain(rule, { body: os(OWN) }, { firmwareDescriptors })).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['flash that is writable', os(OWN, '', " type='pflash'")],
    ['stateless firmware', os(OWN, '', " readonly='yes' stateless='yes' type='pflash'")],
    ['a ROM', os(OWN, '', '')],
    ['what libvirt chooses', "<os firmware='efi'/>"],
    ['a BIOS', ''],
  ])('says nothing of %s', (_, body) => {
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
