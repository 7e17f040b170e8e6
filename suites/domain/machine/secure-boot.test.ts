import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aFirmwareDescriptor, someFirmwareDescriptors } from '../../../test/machine-facts.ts';
import type { FirmwareDescriptor } from '../../../src/facts/firmware-descriptors.ts';
import rule from './secure-boot.ts';

const NO_HOST = { firmwareDescriptors: NO_HOST_FACT };
const host = (...descriptors: FirmwareDescriptor[]) => ({
  firmwareDescriptors: { ok: true as const, value: someFirmwareDescriptors(descriptors) },
});
const os = (inner: string, attributes = ''): string => `<os${attributes}>\n    <type machine='q35'>hvm</type>\n    ${inner}\n  </os>`;
const loader = (path: string, attributes = ''): string => os(`<loader readonly='yes' type='pflash'${attributes}>${path}</loader>`);
const feature = (enabled: string): string =>
  os(`<firmware><feature enabled='${enabled}' name='secure-boot'/></firmware>`, " firmware='efi'");

describe(rule.id, () => {
  it.each([
    loader('/usr/share/OVMF/OVMF_CODE_4M.ms.fd'),
    loader('/usr/share/edk2/x64/OVMF_CODE.secboot.4m.fd'),
    loader('/opt/mine.fd', " secure='yes'"),
    feature('yes'),
  ])('passes for %s', (body) => {
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it('passes without enrolled keys, and says that it is off', () => {
    const body = os(
      "<firmware><feature enabled='no' name='enrolled-keys'/><feature enabled='yes' name='secure-boot'/></firmware>",
      " firmware='efi'",
    );
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'pass', message: expect.stringContaining('off until keys') });
  });

  it.each([loader('/usr/share/OVMF/OVMF_CODE_4M.fd'), loader('/usr/share/edk2/ovmf/OVMF_CODE.fd'), feature('no')])(
    'fails for %s',
    (body) => {
      const outcome = judgeOneDomain(rule, { body }, NO_HOST);
      expect(outcome).toMatchObject({ status: 'fail', message: 'the firmware cannot do Secure Boot', location: { line: 10 } });
      expect(outcome).not.toHaveProperty('edits');
    },
  );

  it('asks the host what libvirt chooses', () => {
    const body = os('', " firmware='efi'");
    const plain = aFirmwareDescriptor('/a.fd', { features: ['acpi-s3'] });
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body }, host(aFirmwareDescriptor(), plain))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body }, host(plain, aFirmwareDescriptor()))).toMatchObject({ status: 'fail' });
    expect(judgeOneDomain(rule, { body: loader('/opt/x.fd') }, host(aFirmwareDescriptor('/opt/x.fd')))).toMatchObject({ status: 'pass' });
  });

  it('says nothing of a BIOS, of Windows 10 and of firmware that could be anything', () => {
    expect(judgeOneDomain(rule, {}, NO_HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { os: 'win/10', body: feature('no') }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: loader('/opt/x.fd') }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: loader('/run/libvirt/nix-ovmf/OVMF_CODE.fd') }, NO_HOST)).toMatchObject({
      status: 'not-applicable',
    });
  });
});
