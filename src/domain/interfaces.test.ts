import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { interfacesOf, macAddress } from './interfaces.ts';

describe('interfacesOf', () => {
  it('reads type, model and name', () => {
    const devices = "<interface type='bridge'><mac address='52:54:00:00:00:01'/><model type='virtio'/></interface><interface type='user'/>";
    expect(interfacesOf(aDocument(aDefinition({ devices })))).toMatchObject([
      { type: 'bridge', model: 'virtio', name: 'network card 52:54:00:00:00:01' },
      { type: 'user', model: null, name: 'network card 2' },
    ]);
  });
});

describe('macAddress', () => {
  it.each([
    ['52:54:00:AB:cd:01', '52:54:00:ab:cd:01'],
    ['52:54:0:0:0:1', '52:54:00:00:00:01'],
    ['52:54:00:00:00:01 ', '52:54:00:00:00:01'],
    ['052:54:00:00:00:01', null],
    ['0x52:54:00:00:00:01', null],
    ['52:54:00:00:00:001', null],
    ['52:54:00:00:00:100', null],
    ['52:54:00:00:00', null],
    ['52-54-00-00-00-01', null],
    ['[REDACTED]', null],
    ['', null],
    [null, null],
  ])('%j: %j', (text, expected) => expect(macAddress(text)).toBe(expected));

  it('takes any text, and is done after once', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:]{0,40}$/)), (text) => {
        const address = macAddress(text);
        expect(address === null || macAddress(address) === address).toBe(true);
      }),
    );
  });
});
