import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatCpuList, parseCpuList, parseCpuMask } from './cpu-list.ts';

describe('parseCpuList', () => {
  it('reads ranges and single numbers', () => expect(parseCpuList('0-3,8\n')).toEqual([0, 1, 2, 3, 8]));
  it('takes an empty line for no CPU at all', () => expect(parseCpuList('\n')).toEqual([]));
  it('takes "(null)", which nohz_full prints when it is not set, for no CPU', () => expect(parseCpuList('  (null)\n')).toEqual([]));
  it('reads the groups that the kernel command line allows', () => expect(parseCpuList('0-7:1/4')).toEqual([0, 4]));
  it.each(['domain,1-3', '3-1', '0-99999', '1-2-3', 'all', '0-3:1/0', '0-4,^2'])('says of "%s" that it is no list', (text) =>
    expect(parseCpuList(text)).toBeNull(),
  );
  it('gives up on ranges that overlap without end', () => expect(parseCpuList('0-8191,'.repeat(9000) + '0')).toBeNull());
  it('gives a sorted list or null for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const list = parseCpuList(text);
        expect(list === null || list.every((cpu, index) => index === 0 || cpu > (list[index - 1] ?? -1))).toBe(true);
      }),
    );
  });
});

describe('parseCpuMask', () => {
  it('reads words from the highest to the lowest', () => expect(parseCpuMask('00000001,00000101')).toEqual([0, 8, 32]));
  it('reads the topmost bit of a word', () => expect(parseCpuMask('80000000')).toEqual([31]));
  it('says of other text that it is no mask', () => expect(parseCpuMask('0-3')).toBeNull());
  it('gives numbers or null for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseCpuMask(text)?.every((cpu) => Number.isInteger(cpu)) ?? true).toBe(true);
      }),
    );
  });
});

describe('formatCpuList', () => {
  it('joins neighbours', () => expect(formatCpuList([8, 0, 2, 1, 1])).toBe('0-2,8'));
  it('writes what parseCpuList reads', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(8191)), (cpus) => {
        expect(parseCpuList(formatCpuList(cpus))).toEqual(cpus.toSorted((a, b) => a - b));
      }),
    );
  });
});
