import { expect, it } from 'vitest';

import { oncePer } from './once-per.ts';

it('reads once for each object, also what is nothing', () => {
  const asked: object[] = [];
  const read = oncePer((key: object) => {
    asked.push(key);
    return undefined;
  });
  const [one, other] = [{}, {}];
  expect([read(one), read(one), read(other)]).toEqual([undefined, undefined, undefined]);
  expect(asked).toEqual([one, other]);
});
