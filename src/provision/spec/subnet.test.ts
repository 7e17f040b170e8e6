import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { addressNumber, addressText, parseSubnet, readAddress, readSubnet } from './subnet.ts';

describe('an address', () => {
  it.each([
    ['0.0.0.0', 0],
    ['192.168.56.10', 3_232_249_866],
    ['255.255.255.255', 4_294_967_295],
  ])('%s is %d', (text, number) => {
    expect(addressNumber(text)).toBe(number);
    expect(addressText(number)).toBe(text);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.04',
    '1.2.3.4.',
    '.1.2.3.4',
    '1..2.3',
    ' 1.2.3.4',
    '1.2.3.4\n',
    '-1.2.3.4',
    '::1',
  ])('is not %j', (text) => {
    expect(readAddress(text)).toBeNull();
    expect(() => addressNumber(text)).toThrow(RangeError);
  });
});

describe('a subnet', () => {
  it('has first and last address, a mask, and the address of the host', () => {
    expect(parseSubnet('192.168.56.1/24')).toEqual({
      host: addressNumber('192.168.56.1'),
      prefix: 24,
      first: addressNumber('192.168.56.0'),
      last: addressNumber('192.168.56.255'),
      netmask: '255.255.255.0',
    });
    expect(parseSubnet('10.1.2.3/8')).toMatchObject({ first: addressNumber('10.0.0.0'), last: addressNumber('10.255.255.255') });
    expect(parseSubnet('1.2.3.4/32')).toMatchObject({ first: addressNumber('1.2.3.4'), netmask: '255.255.255.255' });
    expect(parseSubnet('1.2.3.4/0')).toMatchObject({ first: 0, last: 2 ** 32 - 1, netmask: '0.0.0.0' });
  });

  it.each(['', '1.2.3.4', '1.2.3.4/', '1.2.3.4/33', '1.2.3.4/024', '1.2.3.4/24/24', '1.2.3/24', '1.2.3.4/-1', '1.2.3.4/24 '])(
    'is not %j',
    (text) => {
      expect(readSubnet(text)).toBeNull();
      expect(() => parseSubnet(text)).toThrow(RangeError);
    },
  );

  it('holds its host, and has as many addresses as its prefix says', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const { host, first, last, netmask } = parseSubnet(`${addressText(address)}/${prefix}`);
        expect(host).toBe(address);
        expect(first <= host && host <= last).toBe(true);
        expect(last - first + 1).toBe(2 ** (32 - prefix));
        expect(addressNumber(netmask) + (last - first + 1)).toBe(2 ** 32);
      }),
    );
  });
});
