import { describe, expect, it } from 'vitest';

import { idsOf, isNarrowerThan } from './die-ids.ts';

const cache = (count: number): { cpus: number[] } => ({ cpus: Array.from({ length: count }, (_, cpu) => cpu) });

describe('idsOf', () => {
  it.each([
    [0, 1],
    [1, 1],
    [6, 8],
    [8, 8],
    [12, 16],
  ])('of %d CPUs is %d', (count, ids) => expect(idsOf(count)).toBe(ids));
});

describe('isNarrowerThan', () => {
  it.each([
    ['three cores of eight', { dies: 2, cores: 3, threads: 2 }, [cache(16), cache(16)], true],
    ['three cores of four', { dies: 2, cores: 3, threads: 2 }, [cache(8), cache(8)], false],
    ['five cores of six', { dies: 2, cores: 5, threads: 2 }, [cache(12), cache(12)], false],
    ['one die', { dies: 1, cores: 3, threads: 2 }, [cache(16)], false],
    ['no cache that is known', { dies: 2, cores: 1, threads: 1 }, [], false],
    ['a topology that is not known', { dies: Number.NaN, cores: 1, threads: 1 }, [cache(8)], false],
  ])('%s', (_name, guest, l3, answer) => expect(isNarrowerThan(guest, l3)).toBe(answer));
});
