import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { firmwareDefinition, smmState } from './firmware-definition.ts';
import { parseXml } from './xml.ts';

const read = (os: string) => firmwareDefinition(parseXml(`<domain>${os}</domain>`));

describe('firmwareDefinition', () => {
  it('reads loader, variables and template', () => {
    const found = read(
      `<os><loader readonly='yes' secure='yes' type='pflash' format='qcow2'>/a/CODE.qcow2</loader><nvram template='/a/VARS.qcow2' templateFormat='qcow2' format='raw'>/b/vm.fd</nvram></os>`,
    );
    expect(found).toMatchObject({
      chosenBy: null,
      path: '/a/CODE.qcow2',
      type: 'pflash',
      isReadOnly: true,
      isSecure: true,
      format: 'qcow2',
      nvramPath: '/b/vm.fd',
      nvramFormat: 'raw',
      template: '/a/VARS.qcow2',
      templateFormat: 'qcow2',
    });
  });

  it('reads what libvirt is to choose, and features', () => {
    const found = read(
      `<os firmware='efi'><firmware><feature enabled='yes' name='secure-boot'/><feature enabled='no' name='enrolled-keys'/><feature name='odd'/></firmware><loader secure='no'/></os>`,
    );
    expect(found).toMatchObject({ chosenBy: 'efi', path: null, isSecure: false });
    expect([...found.features]).toEqual([
      ['secure-boot', true],
      ['enrolled-keys', false],
    ]);
  });

  it('finds the variables in a <source>, and a loader without a type is a ROM', () => {
    const found = read(`<os><loader>/a/b.fd</loader><nvram type='file'><source file='/b/vm.fd'/></nvram></os>`);
    expect(found).toMatchObject({ type: 'rom', nvramPath: '/b/vm.fd', isReadOnly: null });
  });

  it('reads a definition without any of it, and any words in it', () => {
    expect(read('')).toMatchObject({ os: undefined, chosenBy: null, path: null, nvramPath: null });
    const word = fc.stringMatching(/^[a-z0-9 ]{0,8}$/);
    fc.assert(
      fc.property(word, word, (a, b) => {
        read(
          `<os firmware='${a}'><loader type='${b}' readonly='${a}'>${b}</loader><firmware><feature name='${a}' enabled='${b}'/></firmware></os>`,
        );
      }),
    );
  });
});

describe('smmState', () => {
  it.each([
    ['', null],
    ['<smm/>', 'on'],
    ["<smm state='on'/>", 'on'],
    ["<smm state='off'/>", 'off'],
  ] as const)('%s is %s', (features, state) => {
    expect(smmState(parseXml(`<domain><features>${features}</features></domain>`)).state).toBe(state);
  });
});
