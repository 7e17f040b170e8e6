import { type Area, evenWidth, flow, type LaidCell, type Measures, type Placed, placeCells, type PlacedCell } from '../cpu-layout.ts';
import { shorten } from '../wrap.ts';
import type { BoardCore } from '../cpu-board.ts';
import { html, type Html } from './markup.ts';

/** A frame of cores as it is drawn. */
export interface DrawnCell extends LaidCell {
  readonly title: string;
  /** The title ends with it. */
  readonly hasGpu: boolean;
  readonly look: 'cell' | 'large' | 'off' | 'absent';
  readonly cores: readonly BoardCore[];
}

/** A frame around frames. */
export interface DrawnPackage {
  readonly title: string;
  readonly hasGpu: boolean;
  readonly cells: readonly DrawnCell[];
}

/** A package with its place, and its cells in coordinates of the whole picture. */
export interface PlacedPackage extends Placed<DrawnPackage> {
  readonly cells: readonly PlacedCell<DrawnCell>[];
}

/** As wide as an A4 page prints without making it smaller. */
export const PICTURE_WIDTH = 760;
export const GAP = 6;
const PAD = 8;
/** A letter of the widest of the faces that browsers take, at 12 pixels. */
const LETTER = 7.1;
const BOLD_LETTER = 7.9;
const PACKAGE_TITLE = 24;
/** What a package has room for. */
const WHOLE = PICTURE_WIDTH - 2 - 2 * PAD;

/** The packages with all that is in them, side by side where there is room; `width` and `height` of the whole. */
export function placePackages(
  packages: readonly DrawnPackage[],
  measures: Measures,
): { readonly packages: readonly PlacedPackage[]; readonly width: number; readonly height: number } {
  const boxes = packages.map((thing) => measured(thing, measures));
  const { placed, bottom } = flow(boxes, { left: 1, top: 1, right: PICTURE_WIDTH - 1 }, GAP);
  const moved = placed.map(({ thing, x, y, width, height }) => {
    const area = { left: x + PAD, top: y + PACKAGE_TITLE, right: x + width - PAD };
    return { thing, x, y, width, height, cells: cellsIn(thing, area, measures).cells };
  });
  return { packages: moved, width: Math.max(...moved.map(({ x, width }) => x + width)) + 1, height: bottom + 1 };
}

/** How large a package must be. */
function measured(thing: DrawnPackage, measures: Measures): Pick<PlacedPackage, 'thing' | 'width' | 'height'> {
  const area = { left: PAD, top: PACKAGE_TITLE, right: PICTURE_WIDTH - 2 - PAD };
  const { cells, bottom } = cellsIn(thing, area, measures);
  const widest = Math.max(...cells.map(({ x, width }) => x + width)) + PAD;
  const width = Math.min(PICTURE_WIDTH - 2, Math.max(widest, titleWidth(thing.title, BOLD_LETTER) + 2 * PAD));
  return { thing, width, height: bottom + PAD };
}

/** A frame that is alone fills its package. */
function cellsIn({ title, cells }: DrawnPackage, area: Area, measures: Measures): ReturnType<typeof placeCells<DrawnCell>> {
  const hasOthers = cells.length > 1;
  const least = hasOthers ? 0 : Math.min(WHOLE, titleWidth(title, BOLD_LETTER));
  return placeCells(cells, area, measures, (cell) => Math.max(least, cellWidth(cell, hasOthers, measures)));
}

/** Two frames side by side where there are several; rows of the same length where the cores need more than one. */
function cellWidth({ title, cores }: DrawnCell, hasOthers: boolean, measures: Measures): number {
  const { gap } = measures;
  const room = hasOthers ? Math.floor((WHOLE - gap) / 2) : WHOLE;
  const widths = ['performance', 'efficiency', null].map((kind) =>
    evenWidth(
      cores.filter((core) => core.kind === kind),
      room,
      measures,
    ),
  );
  return Math.min(WHOLE, Math.max(...widths, Math.min(room, titleWidth(title, LETTER) + 2 * gap)));
}

/** Ends the title of the NUMA node that a GPU is attached to. */
export const GPU = ' · GPU';

/** As much of a title as a width has room for, a GPU at its end marked. */
export function heading({ title, hasGpu }: Pick<DrawnPackage, 'title' | 'hasGpu'>, width: number, weight: 'bold' | 'regular'): Html {
  const words = fitted(title, width, weight);
  if (!hasGpu || words !== title) return html`${words}`;
  return html`${title.slice(0, -GPU.length)}<tspan class="cpu-gpu">${GPU}</tspan>`;
}

function titleWidth(title: string, letter: number): number {
  return Math.ceil(title.length * letter);
}

/** As much of a text as a width has room for. */
export function fitted(text: string, width: number, weight: 'bold' | 'regular' = 'regular'): string {
  const room = Math.max(1, Math.floor(width / (weight === 'bold' ? BOLD_LETTER : LETTER)));
  return text.length <= room ? text : `${shorten(text, room - 1).slice(0, room - 1)}…`;
}
