import { describe, expect, it } from 'vitest';

import { isAtLeast, versionText } from './version.ts';

describe('isAtLeast', () => {
  it.each([
    [[10, 7], [10, 7], true],
    [[10, 10], [10, 7], true],
    [[9, 10], [10, 7], false],
    [[11], [10, 7], true],
    [[10], [10, 7], false],
    [[7, 2, 22], [7, 2], true],
    [[7, 2, 22], [7, 2, 23], false],
  ])('%j against %j: %s', (version, wanted, expected) => {
    expect(isAtLeast(version, wanted)).toBe(expected);
  });
});

describe('versionText', () => {
  it('has two numbers', () => {
    expect(versionText([7, 2, 22])).toBe('7.2');
  });
});
