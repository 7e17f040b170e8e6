import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { aFirmwareDescriptor } from '../../test/machine-facts.ts';
import { chosenDescriptor } from './machine-firmware.ts';

const SECURE = aFirmwareDescriptor('/OVMF_CODE.secboot.fd', { path: 'secure' });
const PLAIN = aFirmwareDescriptor('/OVMF_CODE.fd', {
  path: 'plain',
  targets: [{ architecture: 'x86_64', machines: ['pc-i440fx-*', 'pc-q35-*'] }],
  features: ['acpi-s3'],
});
const STATELESS = aFirmwareDescriptor('/OVMF.amdsev.fd', { path: 'stateless', nvramTemplate: null, features: [] });
const QCOW2 = aFirmwareDescriptor('/OVMF_CODE.qcow2', {
  path: 'qcow2',
  executable: { path: '/OVMF_CODE.qcow2', format: 'qcow2', file: { state: 'absent' } },
  features: [],
});
const ALL = [STATELESS, SECURE, PLAIN, QCOW2];

const chosen = (os: string, more = ''): string | null =>
  chosenDescriptor(aDocument(aDefinition({ body: `${os}${more}` })), ALL)?.path ?? null;
const efi = (inner = '', machine = 'q35'): string => `<os firmware='efi'><type arch='x86_64' machine='${machine}'>hvm</type>${inner}</os>`;
const feature = (name: string, enabled: string): string => efi(`<firmware><feature enabled='${enabled}' name='${name}'/></firmware>`);

describe('chosenDescriptor', () => {
  it.each([
    ['the first that fits', efi(), 'secure'],
    ['one for the machine', efi('', 'pc-i440fx-9.0'), 'plain'],
    ['one for the alias of the machine', efi('', 'pc'), 'plain'],
    ['one with the feature', feature('secure-boot', 'yes'), 'secure'],
    ['one without the feature', feature('secure-boot', 'no'), 'plain'],
    ['none with what nothing has', feature('enrolled-keys', 'yes'), null],
    ['one whose loader is not secure', efi("<loader secure='no'/>"), 'plain'],
    ['one in the format', efi("<loader format='qcow2'/>"), 'qcow2'],
    ['a stateless one, when asked for', efi("<loader stateless='yes'/>"), 'stateless'],
    ['that of the loader', "<os><type machine='q35'>hvm</type><loader readonly='yes' type='pflash'>/OVMF_CODE.fd</loader></os>", 'plain'],
    ['none for another loader', efi('<loader>/other.fd</loader>'), null],
    ['none for another machine', efi('', 'microvm'), null],
    ['none for a BIOS', '<os/>', null],
    ['none for a ROM', '<os><loader>/OVMF_CODE.fd</loader></os>', null],
  ])('is %s', (_, os, path) => {
    expect(chosen(os)).toBe(path);
  });

  it('heeds System Management Mode and suspend', () => {
    expect(chosen(efi(), "<features><smm state='off'/></features>")).toBe('plain');
    expect(chosen(efi('', 'pc-q35-9.0'), "<pm><suspend-to-mem enabled='yes'/></pm>")).toBe('secure');
    expect(chosen(efi(), "<pm><suspend-to-disk enabled='yes'/></pm>")).toBe(null);
  });

  it('matches any pattern in bounded time', () => {
    const document = aDocument(aDefinition({ body: efi('', 'pc-q35-9.0') }));
    const fits = (machine: string): boolean =>
      chosenDescriptor(document, [{ ...SECURE, targets: [{ architecture: 'x86_64', machines: [machine] }] }]) !== null;
    expect(['*', 'pc-*', 'pc-*-9.0', '*q35*', 'pc-q35-9.0', 'pc-q35-9.*0'].filter((pattern) => !fits(pattern))).toEqual([]);
    expect(['', 'q35', '*-8.0', 'pc-i440fx-*', 'pc-q35-9.0*0'].filter(fits)).toEqual([]);
    fc.assert(fc.property(fc.string(), (pattern) => typeof fits(pattern) === 'boolean'));
  });
});
