import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Label, placeLabels, stacked } from './label-rows.ts';

/** A text of 60 pixels to the right of its line, or to the left. */
const beside = (line: number): Label => ({
  line,
  places: [
    { left: line + 4, right: line + 64 },
    { left: line - 64, right: line - 4 },
  ],
});

describe('placeLabels', () => {
  it('keeps labels that are far apart in the lowest row', () => {
    expect(placeLabels([beside(100), beside(300)], 3)?.map(({ left, row }) => [left, row])).toEqual([
      [104, 0],
      [304, 0],
    ]);
  });

  it('moves one to the other side of its line before it takes a second row', () => {
    expect(placeLabels([beside(100), beside(120)], 1)?.map(({ left, row }) => [left, row])).toEqual([
      [36, 0],
      [124, 0],
    ]);
  });

  it('finds no place where there are more labels than room', () => {
    expect(
      placeLabels(
        [100, 101, 102, 103].map((line) => beside(line)),
        1,
      ),
    ).toBeNull();
  });

  it('no text covers another, and no line runs through a text', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 70, max: 600 }), { maxLength: 4 }), (lines) => {
        const placed =
          placeLabels(
            lines.map((line) => beside(line)),
            3,
          ) ?? [];
        for (const [index, one] of placed.entries()) {
          for (const other of placed.slice(index + 1)) {
            const overlap = one.row === other.row && one.left < other.right && other.left < one.right;
            expect(overlap).toBe(false);
          }
          const crossing = placed.filter(({ line, row }) => row >= one.row && line > one.left && line < one.right);
          expect(crossing).toEqual([]);
        }
      }),
    );
  });
});

describe('stacked', () => {
  it('gives each a row, the left one the highest', () => {
    expect(stacked([beside(100), beside(101), beside(102)]).map(({ row }) => row)).toEqual([2, 1, 0]);
  });
});
