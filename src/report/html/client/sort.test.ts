import { describe, expect, it } from 'vitest';

import { comparerOf } from './sort.ts';

function sorted(...keys: readonly string[]): string[] {
  return keys.toSorted(comparerOf(keys));
}

describe('the order of a sorted column', () => {
  it('is by value where all of it is numbers', () => {
    expect(sorted('10', '9', '2.5', '100', '-1')).toEqual(['-1', '2.5', '9', '10', '100']);
  });

  it('has what is no number behind the numbers', () => {
    expect(sorted('none', '10', '', '9')).toEqual(['9', '10', '', 'none']);
  });

  it('is by letters elsewhere: an address is hexadecimal', () => {
    expect(sorted('0000:00:1f.0', '0000:00:02.0', '0000:10:00.0', '0000:0a:00.0', '0000:00:02.1')).toEqual([
      '0000:00:02.0',
      '0000:00:02.1',
      '0000:00:1f.0',
      '0000:0a:00.0',
      '0000:10:00.0',
    ]);
  });

  it('does not look at case', () => {
    expect(sorted('b', 'A', 'C')).toEqual(['A', 'b', 'C']);
  });
});
