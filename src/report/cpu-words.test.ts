import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aTopology, type CellShape } from '../../test/topologies.ts';
import type { BoardCore } from './cpu-board.ts';
import { coresText, siblingsText } from './cpu-words.ts';

function coresOf(shapes: readonly CellShape[], numbering: 'next' | 'after', offline: readonly number[] = []): BoardCore[] {
  return aTopology(shapes, numbering, offline).cores.map(({ kind, cpus }) => ({ kind, threads: cpus }));
}

/** What a reader takes from the words: the cores, with those that `…` stands for. */
function readBack(text: string): string[] {
  const cores: number[][] = [];
  for (const part of text.split(', ')) {
    const [from = [], to = from] = part.split(' … ').map((core) => core.split('+').map(Number));
    cores.push(from);
    const before = cores.at(-2) ?? [];
    const step = (from[0] ?? 0) - (before[0] ?? 0);
    const more = to === from ? 0 : ((to[0] ?? 0) - (from[0] ?? 0)) / step;
    for (let count = 1; count <= more; count += 1) cores.push(from.map((cpu) => cpu + count * step));
  }
  return cores.map((core) => core.join('+'));
}

describe('the words for cores', () => {
  it.each([
    [coresOf([{ cores: 8 }], 'after'), '0+8, 1+9 … 7+15'],
    [coresOf([{ cores: 4 }], 'next'), '0+1, 2+3 … 6+7'],
    [coresOf([{ cores: 2 }], 'next'), '0+1, 2+3'],
    [coresOf([{ cores: 4 }], 'after', [6]), '0+4, 1+5, 2, 3+7'],
    [[], ''],
  ])('%# name the threads of each, cores at equal steps as a row', (cores, words) => {
    expect(siblingsText(cores)).toBe(words);
  });

  it('leave no core out', () => {
    const shape = fc.record({ cores: fc.integer({ min: 1, max: 6 }), threads: fc.constantFrom(1, 2, 4) });
    const off = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(shape, { minLength: 1, maxLength: 2 }),
        fc.constantFrom('next' as const, 'after' as const),
        off,
        (shapes, numbering, offline) => {
          const cores = coresOf(shapes, numbering, offline);
          const text = siblingsText(cores);
          fc.pre(cores.length > 0 && !text.includes('more characters'));
          expect(readBack(text)).toEqual(cores.map(({ threads }) => threads.join('+')));
        },
      ),
    );
  });

  it('count kinds', () => {
    const hybrid: readonly CellShape[] = [
      { cores: 6, kind: 'performance' },
      { cores: 8, threads: 1, kind: 'efficiency', sharesCache: true },
    ];
    expect(coresText(coresOf(hybrid, 'next'))).toBe('6 P + 8 E cores, 20 threads');
    expect(coresText(coresOf([{ cores: 1, threads: 1 }], 'next'))).toBe('1 core');
  });
});
