import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { chipsetOf, machineType } from './machine-type.ts';
import { parseXml } from './xml.ts';

const read = (type: string) => machineType(parseXml(`<domain><os>${type}</os></domain>`));

describe('machineType', () => {
  it.each([
    ['pc-q35-9.0', 'q35', [9, 0, 0]],
    ['pc-q35-4.0.1', 'q35', [4, 0, 1]],
    ['pc-q35-9.2+pve1', 'q35', [9, 2, 0]],
    ['pc-q35-rhel9.6.0', 'q35', null],
    ['pc-q35-jammy', 'q35', null],
    ['q35', 'q35', null],
    ['ubuntu-q35', 'q35', null],
    ['pc-i440fx-7.2', 'i440fx', [7, 2, 0]],
    ['pc-i440fx-cosmic', 'i440fx', null],
    ['pc', 'i440fx', null],
    ['pc-1.3', 'i440fx', null],
    ['microvm', 'other', null],
    ['isapc', 'other', null],
    ['pc-compatible', 'other', null],
    ['', 'other', null],
  ] as const)('reads %s', (name, chipset, version) => {
    expect(read(`<type machine='${name}'>hvm</type>`)).toMatchObject({ name, chipset, version });
  });

  it('takes a definition without one as i440FX, which libvirt chooses', () => {
    expect(read('<type>hvm</type>')).toMatchObject({ name: null, chipset: 'i440fx', version: null });
    expect(read('')).toMatchObject({ name: null, element: undefined });
  });

  it('says something of any name', () => {
    fc.assert(fc.property(fc.string(), (name) => ['q35', 'i440fx', 'other'].includes(chipsetOf(name))));
  });
});
