import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { wholeNumber } from './whole-number.ts';

describe('wholeNumber', () => {
  it.each([
    ['1', 1],
    ['0', 0],
    ['01', 1],
    [' 4', 4],
    ['+4', 4],
    ['4294967295', 4_294_967_295],
    ['4294967296', null],
    ['99999999999', null],
    ['-1', null],
    ['1 ', null],
    ['0x1', null],
    ['', null],
    ['x', null],
    [null, null],
  ])('%j: %j', (text, expected) => expect(wholeNumber(text)).toBe(expected));

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = wholeNumber(text);
        expect(value === null || (Number.isInteger(value) && value >= 0)).toBe(true);
      }),
    );
  });
});
