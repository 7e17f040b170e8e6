import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aFirmwareDescriptor, someFirmwareDescriptors } from '../../../test/machine-facts.ts';
import { aLibvirt } from '../../../test/facts.ts';
import rule from './smm.ts';

const NO_HOST = { libvirt: NO_HOST_FACT, firmwareDescriptors: NO_HOST_FACT };
const CODE = '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd';
const SECURE = `<loader readonly='yes' secure='yes' type='pflash'>${CODE}</loader>`;
const PLAIN = `<loader readonly='yes' type='pflash'>${CODE}</loader>`;
const body = (loader: string, features = '', machine = 'q35', os = ''): string =>
  `<os${os}>\n    <type machine='${machine}'>hvm</type>\n    ${loader}\n  </os>\n  <features>\n    <acpi/>${features}\n  </features>`;
const host = (version: readonly [number, number], path = CODE) => ({
  libvirt: { ok: true as const, value: aLibvirt({ version }) },
  firmwareDescriptors: { ok: true as const, value: someFirmwareDescriptors([aFirmwareDescriptor(path)]) },
});

const judge = (facts: Parameters<typeof rule.judge>[1]) => judgeOneDomain(rule, { body: body(SECURE) }, facts);

describe(rule.id, () => {
  it.each([
    ["secure='yes' with it", body(SECURE, "<smm state='on'/>")],
    ['a state that is not written', body(SECURE, '<smm/>')],
    ['a build with Secure Boot where nothing is said', body(PLAIN)],
    ['what libvirt chooses', body("<loader secure='yes'/>", '', 'q35', " firmware='efi'")],
  ])('passes for %s', (_, definition) => {
    expect(judgeOneDomain(rule, { body: definition }, NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it("fails for secure='yes' without it: how much depends on libvirt", () => {
    expect(judge(NO_HOST)).toMatchObject({ status: 'fail', severity: 'major', evidence: [{ expected: "<smm state='on'/>" }] });
    expect(judge(host([9, 0]))).toMatchObject({ status: 'fail', severity: 'blocker' });
    expect(judge(host([10, 0], '/elsewhere.fd'))).toMatchObject({ status: 'fail', severity: 'blocker' });
    expect(judge(host([10, 0]))).toMatchObject({ status: 'pass', message: 'libvirt switches it on for this firmware' });
  });

  it.each([
    ["secure='yes'", body(SECURE, "<smm state='off'/>")],
    ['a build that needs it', body(PLAIN, "<smm state='off'/>")],
    [
      'a choice of Secure Boot',
      body("<firmware><feature enabled='yes' name='secure-boot'/></firmware>", "<smm state='off'/>", 'q35', " firmware='efi'"),
    ],
  ])('fails for %s with it switched off, and mends it', (_, definition) => {
    const severity = definition.includes('firmware=') ? 'major' : 'blocker';
    expect(judgeOneDomain(rule, { body: definition }, NO_HOST)).toMatchObject({ status: 'fail', severity });
    expect(judgeOneDomain(rule, { body: definition }, host([9, 0]))).toMatchObject({ status: 'fail', severity: 'blocker' });
    expect(fixed(rule, { body: definition }, NO_HOST)).toContain("<smm state='on'/>");
  });

  it('is major for a build of your own that only its name tells of', () => {
    const own = body(PLAIN, "<smm state='off'/>").replace('/usr/share/OVMF', '/opt');
    expect(judgeOneDomain(rule, { body: own }, NO_HOST)).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('passes with it switched off where the host has a build with Secure Boot that needs none', () => {
    const descriptor = aFirmwareDescriptor('/usr/share/qemu/ovmf-x86_64-ms-code.bin', { features: ['secure-boot', 'enrolled-keys'] });
    const firmwareDescriptors = { ok: true as const, value: someFirmwareDescriptors([descriptor]) };
    const choice = body("<firmware><feature enabled='yes' name='secure-boot'/></firmware>", "<smm state='off'/>", 'q35', " firmware='efi'");
    expect(judgeOneDomain(rule, { body: choice }, { ...host([9, 0]), firmwareDescriptors })).toMatchObject({ status: 'pass' });
  });

  it('adds it where it is not written', () => {
    expect(fixed(rule, { body: body(SECURE) }, NO_HOST)).toContain("    <acpi/>\n    <smm state='on'/>\n");
    expect(fixed(rule, { body: `<os><type machine='q35'>hvm</type>${SECURE}</os>` }, NO_HOST)).toContain("<smm state='on'/>");
  });

  it('fails on i440FX', () => {
    expect(judgeOneDomain(rule, { body: body(SECURE, "<smm state='on'/>", 'pc') }, NO_HOST)).toMatchObject({
      status: 'fail',
      message: "secure='yes' needs q35, and the machine is pc",
    });
  });

  it.each([
    [
      'firmware without Secure Boot',
      body("<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>", "<smm state='off'/>"),
    ],
    ['a choice without it', body('', '', 'pc', " firmware='efi'")],
    ['a BIOS', ''],
  ])('says nothing of %s', (_, definition) => {
    expect(judgeOneDomain(rule, { body: definition }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
