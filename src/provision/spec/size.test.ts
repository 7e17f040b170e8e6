import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readSize, sizeBytes, sizeWords } from './size.ts';

describe('a size', () => {
  it.each([
    ['1 KiB', 1024],
    ['512MiB', 512 * 1024 ** 2],
    ['60 GiB', 64_424_509_440],
    ['1.5 GiB', 1_610_612_736],
    ['2 TiB', 2 * 1024 ** 4],
    ['1.001 KiB', 1025],
    ['0.001 KiB', 1],
    ['8191.999 TiB', 9_007_198_155_229_364],
    ['0 GiB', 0],
  ])('%s has %d bytes', (text, bytes) => expect(sizeBytes(text)).toBe(bytes));

  it.each([
    '',
    '60',
    '60 GB',
    '60 G',
    '-5 GiB',
    '+5 GiB',
    '1e3 GiB',
    '0x10 GiB',
    '.5 GiB',
    '5. GiB',
    '1.0001 GiB',
    '60  GiB',
    ' 60 GiB',
    '60 GiB\n',
    '٣ GiB',
  ])('is not %j', (text) => {
    expect(readSize(text)).toBeNull();
    expect(() => sizeBytes(text)).toThrow(RangeError);
  });

  it('is nothing that a number does not hold exactly', () => {
    expect(readSize('8192 TiB')).toBeNull();
    expect(readSize('9999999999999999 TiB')).toBeNull();
  });
});

describe('the words of a size', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [1000, '1000 bytes'],
    [1024, '1 KiB'],
    [1536 * 1024 ** 2, '1.5 GiB'],
    [8 * 1024 ** 3, '8 GiB'],
    [1024 ** 3 + 512 * 1024, '1024.5 MiB'],
    [1024 ** 4, '1 TiB'],
    [1024 ** 3 + 1, '1073741825 bytes'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991 bytes'],
  ])('of %d bytes are %s', (bytes, words) => expect(sizeWords(bytes)).toBe(words));

  it('are exact', () => {
    const bytes = fc.oneof(
      fc.maxSafeNat(),
      fc.tuple(fc.nat(8_000_000), fc.constantFrom(1024, 1024 ** 2, 1024 ** 3)).map(([count, unit]) => count * unit),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        const words = sizeWords(given);
        expect(words.includes('byte') ? Number.parseInt(words, 10) : sizeBytes(words)).toBe(given);
      }),
    );
  });
});
