import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CPUSET_LIMIT, parseCpuset } from './cpuset.ts';

describe('parseCpuset', () => {
  it.each([
    ['3', [3]],
    ['0-3,8', [0, 1, 2, 3, 8]],
    ['8,0-3', [0, 1, 2, 3, 8]],
    ['1-4,^3,6', [1, 2, 4, 6]],
    ['0-1,1-2', [0, 1, 2]],
    [' 0 , 2 - 3 ', [0, 2, 3]],
    ['0,', [0]],
    ['16383', [16_383]],
  ])('reads %s', (text, cpus) => expect(parseCpuset(text)).toEqual(cpus));

  it('goes from left to right, as libvirt does: an exclusion in front takes nothing away', () => {
    expect(parseCpuset('^2,0-3')).toEqual([0, 1, 2, 3]);
  });

  // Each of them was given to libvirt 9.0, which refused it.
  it.each(['', ' ', ',', ',0', '0,^0', '^0', '3-1', '^1-2', '0-1:1/2', '0;1', 'x', '-1', '1-', '16384', '0-99999999', '0x2', '٣'])(
    'refuses "%s"',
    (text) => expect(parseCpuset(text)).toBeNull(),
  );

  it('gives sorted numbers within the limit, or null, for any text', () => {
    const word = fc.stringMatching(/^[\d^,\- ]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), word), (text) => {
        const cpus = parseCpuset(text);
        if (cpus === null) return;
        expect(cpus.length).toBeGreaterThan(0);
        expect(cpus.every((cpu, index) => cpu < CPUSET_LIMIT && (index === 0 || cpu > (cpus[index - 1] ?? 0)))).toBe(true);
      }),
    );
  });
});
