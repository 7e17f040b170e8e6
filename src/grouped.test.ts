import { expect, it } from 'vitest';

import { groupedBy } from './grouped.ts';

it('keeps the order, and leaves out what has no key', () => {
  const groups = groupedBy([5, 2, 0, 3, 8], (number) => (number === 0 ? null : number % 2));
  expect([...groups]).toEqual([
    [1, [5, 3]],
    [0, [2, 8]],
  ]);
});
