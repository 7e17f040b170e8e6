import { describe, expect, it } from 'vitest';

import { compareKeys } from './sort.ts';

describe('the order of a sorted column', () => {
  it('is by number where there are numbers', () => {
    expect(['CPU 10', 'CPU 9', 'CPU 100'].toSorted(compareKeys)).toEqual(['CPU 9', 'CPU 10', 'CPU 100']);
  });

  it('does not look at case', () => {
    expect(['b', 'A', 'C'].toSorted(compareKeys)).toEqual(['A', 'b', 'C']);
  });
});
