import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { evenWidth, flow, type LaidCell, type Measures, placeCells, type PlacedCell, rowWidth } from './cpu-layout.ts';

const MEASURES: Measures = { thread: { width: 40, height: 30 }, gap: 6, title: 18, kindTitle: 16, isEven: false };
const EVEN: Measures = { ...MEASURES, isEven: true };

function cellOf(cores: number, threads = 2, kind: 'performance' | 'efficiency' | null = null): LaidCell {
  return { cores: Array.from({ length: cores }, () => ({ kind, threads: Array.from({ length: threads }, (_, index) => index) })) };
}

/** How many cores stand in each row. */
function rowsOf({ cores }: PlacedCell<LaidCell>): number[] {
  return [...new Set(cores.map(({ y }) => y))].map((y) => cores.filter((core) => core.y === y).length);
}

function only(cell: LaidCell, width: number, measures: Measures): PlacedCell<LaidCell> {
  const [placed] = placeCells([cell], { left: 0, top: 0, right: width }, measures, () => width).cells;
  if (placed === undefined) throw new Error('no cell was placed');
  return placed;
}

const overlaps = (a: PlacedCell<LaidCell>, b: PlacedCell<LaidCell>): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the layout of cores', () => {
  it('sets as many cores in a row as fit', () => {
    expect(rowsOf(only(cellOf(8), 6 + 5 * 86, MEASURES))).toEqual([5, 3]);
    expect(rowsOf(only(cellOf(8), 5 + 5 * 86, MEASURES))).toEqual([4, 4]);
  });

  it('makes rows of the same length where that is wanted', () => {
    expect(rowsOf(only(cellOf(8), 6 + 5 * 86, EVEN))).toEqual([4, 4]);
    expect(evenWidth(cellOf(8).cores, 6 + 5 * 86, EVEN)).toBe(6 + 4 * 86);
  });

  it('begins a row below a title with each kind of cores', () => {
    const cores = [...cellOf(2, 2, 'performance').cores, ...cellOf(3, 1, 'efficiency').cores];
    const placed = only({ cores }, 700, EVEN);
    expect(rowsOf(placed)).toEqual([2, 3]);
    expect(placed.kinds.map(({ kind }) => kind)).toEqual(['performance', 'efficiency']);
    expect(placed.cores[0]?.y).toBe((placed.kinds[0]?.y ?? 0) + 16);
  });

  it('sets a core that is wider than its frame alone in its row', () => {
    expect(rowsOf(only(cellOf(2, 8), 100, EVEN))).toEqual([1, 1]);
  });

  it('ends below the last row of boxes', () => {
    const boxes = [
      { width: 60, height: 10 },
      { width: 60, height: 30 },
      { width: 10, height: 5 },
    ];
    const { placed, bottom } = flow(boxes, { left: 0, top: 0, right: 100 }, 4);
    expect(placed.map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [0, 14],
      [64, 14],
    ]);
    expect(bottom).toBe(44);
  });

  it('keeps cores in their frames and frames apart, whatever their number', () => {
    const anyCell = fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 4 }))
      .map(([cores, threads]) => cellOf(cores, threads));
    fc.assert(
      fc.property(fc.array(anyCell, { minLength: 1, maxLength: 10 }), fc.boolean(), (cells, isEven) => {
        const measures = { ...MEASURES, isEven };
        const { cells: placed, bottom } = placeCells(cells, { left: 3, top: 5, right: 800 }, measures, ({ cores }) =>
          Math.min(790, Math.max(180, rowWidth(cores, measures))),
        );
        expect(placed.map(({ thing }) => thing)).toEqual(cells);
        for (const { x, y, width, height, cores } of placed) {
          expect(x >= 3 && x + width <= 800 && y >= 5 && y + height <= bottom).toBe(true);
          for (const core of cores)
            expect(core.x >= x && core.x + core.width <= x + width && core.y >= y && core.y + 30 <= y + height).toBe(true);
        }
        expect(placed.some((a, index) => placed.slice(index + 1).some((b) => overlaps(a, b)))).toBe(false);
      }),
    );
  });
});
