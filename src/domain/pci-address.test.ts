import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parsePciAddress, pciAddressAttributes, pciAddressText, pciSlotText, readPciAddress } from './pci-address.ts';
import { parseXml } from './xml.ts';

const read = (attributes: string) => readPciAddress(parseXml(`<address ${attributes}/>`));

describe('readPciAddress', () => {
  it.each([
    ["domain='0x0000' bus='0x01' slot='0x00' function='0x0'", '0000:01:00.0'],
    ["type='pci' bus='21' slot='0' function='1'", '0000:15:00.1'],
    ["domain='0x10000' bus='0xe1' slot='0'", '10000:e1:00.0'],
    ["bus='0x0a' slot='0x1f' function='7'", '0000:0a:1f.7'],
  ])('reads %s', (attributes, text) => {
    const address = read(attributes);
    expect(address === null ? null : pciAddressText(address)).toBe(text);
  });

  it.each([
    "type='pci'",
    "type='usb' bus='0' port='1'",
    "bus='0x100' slot='0'",
    "bus='1' slot='0x20'",
    "bus='1' slot='0' function='8'",
    "bus='-1' slot='0'",
    "bus='' slot='0'",
  ])('finds no address in %s', (attributes) => {
    expect(read(attributes)).toBeNull();
  });

  it('finds none where there is no element', () => {
    expect(readPciAddress(undefined)).toBeNull();
  });
});

describe('parsePciAddress', () => {
  it.each([
    ['01:00.0', '0000:01:00.0'],
    ['0000:0a:00.1', '0000:0a:00.1'],
    ['1:0', '0000:01:00.0'],
    ['10000:e1:00.0', '10000:e1:00.0'],
  ])('reads %s as %s', (text, expected) => {
    const address = parsePciAddress(text);
    expect(address === null ? null : pciAddressText(address)).toBe(expected);
  });

  it.each(['', '01:00.8', '01:20.0', 'x', '01:00.0.0', '123:00.0'])('finds none in "%s"', (text) => {
    expect(parsePciAddress(text)).toBeNull();
  });

  it('reads back what it writes, and never throws', () => {
    const valid = fc.record({
      domain: fc.integer({ min: 0, max: 0xffff }),
      bus: fc.integer({ min: 0, max: 0xff }),
      slot: fc.integer({ min: 0, max: 0x1f }),
      function: fc.integer({ min: 0, max: 7 }),
    });
    fc.assert(
      fc.property(valid, (address) => {
        expect(parsePciAddress(pciAddressText(address))).toEqual(address);
        expect(read(pciAddressAttributes(address))).toEqual(address);
        expect(pciAddressText(address)).toMatch(new RegExp(`^${pciSlotText(address)}\\.`));
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void parsePciAddress(text)));
  });
});
