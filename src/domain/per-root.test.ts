import { expect, it } from 'vitest';

import { perRoot } from './per-root.ts';
import { parseXml } from './xml.ts';

it('reads once for each definition', () => {
  let count = 0;
  const names = perRoot(({ name }) => {
    count += 1;
    return name;
  });
  const [one, other] = [{ root: parseXml('<a/>') }, { root: parseXml('<b/>') }];
  expect([names(one), names(one), names(other), names({ ...one })]).toEqual(['a', 'a', 'b', 'a']);
  expect(count).toBe(2);
});
