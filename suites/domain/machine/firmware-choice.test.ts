import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aLibvirt } from '../../../test/facts.ts';
import type { Libvirt } from '../../../src/facts/libvirt.ts';
import rule from './firmware-choice.ts';

const NO_HOST = { libvirt: NO_HOST_FACT };
const host = (version: Libvirt['version']) => ({ libvirt: { ok: true as const, value: aLibvirt({ version }) } });
const SECURE = "<feature enabled='yes' name='secure-boot'/>";
const LOADER = "<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>";
const FILLED_IN = `<os firmware='efi'><firmware>${SECURE}</firmware>${LOADER}</os>`;

describe(rule.id, () => {
  it.each(["<os firmware='efi'/>", `<os firmware='efi'><firmware>${SECURE}</firmware></os>`, `<os>${LOADER}</os>`, FILLED_IN])(
    'passes for %s',
    (body) => {
      expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'pass' });
    },
  );

  it.each([
    [`<os><firmware>${SECURE}</firmware></os>`, "<firmware> asks for features, but without firmware='efi' libvirt does not choose"],
    ["<os><loader type='pflash'/></os>", 'no path of a loader is written, and libvirt is not to choose one'],
    ['<os><nvram>/a.fd</nvram></os>', 'no path of a loader is written, and libvirt is not to choose one'],
    ["<os firmware='uefi'/>", 'libvirt knows no firmware="uefi"'],
    ["<os firmware='bios'><nvram>/a.fd</nvram></os>", 'a BIOS has no <nvram>: libvirt refuses it'],
    [
      "<os firmware='efi'><firmware><feature enabled='no' name='secure-boot'/><feature enabled='yes' name='enrolled-keys'/></firmware></os>",
      'enrolled-keys is asked for, and secure-boot excluded',
    ],
  ])('fails for %s', (body, message) => {
    expect(judgeOneDomain(rule, { os: null, body }, NO_HOST)).toMatchObject({ status: 'fail', message, location: { line: 3 } });
  });

  it('fails for a loader beside the choice on a host whose libvirt is older than 9.2', () => {
    expect(judgeOneDomain(rule, { body: FILLED_IN }, host([9, 0]))).toMatchObject({
      status: 'fail',
      message: "libvirt 9.0 takes no loader beside firmware='efi'; 9.2 and later do",
      remedy: {
        summary: expect.stringMatching(/new Windows 11.*remove <loader>.*installed already: keep <loader>.*remove firmware='efi'/s),
      },
    });
    for (const inner of ["<loader type='pflash'/>", "<loader secure='no'/>", "<nvram template='/a.fd'/>"]) {
      expect(judgeOneDomain(rule, { body: `<os firmware='efi'>${inner}</os>` }, host([9, 0]))).toMatchObject({ status: 'fail' });
    }
    for (const inner of ["<loader secure='yes'/>", "<loader format='raw'/>", '<nvram>/a.fd</nvram>']) {
      expect(judgeOneDomain(rule, { body: `<os firmware='efi'>${inner}</os>` }, host([9, 0]))).toMatchObject({ status: 'pass' });
    }
    expect(judgeOneDomain(rule, { body: FILLED_IN }, host([9, 2]))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: FILLED_IN }, host([11, 0]))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: FILLED_IN }, host(null))).toMatchObject({ status: 'pass' });
  });

  it('believes what libvirt itself printed', () => {
    const defined = { ...aDocument(aDefinition({ body: FILLED_IN })), isDefined: true };
    expect(judgeOneDomain(rule, defined, host([9, 0]))).toMatchObject({ status: 'pass' });
  });

  it('passes for what libvirt before 9.2 prints of a running domain', () => {
    const body = `<os><firmware>${SECURE}</firmware>${LOADER}</os>`;
    expect(judgeOneDomain(rule, { attributes: "type='kvm' id='3'", body }, NO_HOST)).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'fail' });
  });

  it('says nothing of a definition without any of it', () => {
    expect(judgeOneDomain(rule, { body: "<os><type machine='q35'>hvm</type></os>" }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, {}, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
