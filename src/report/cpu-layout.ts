import type { PictureCell } from '../pinning/picture.ts';

/** A core in a picture: its threads stand side by side in one frame. */
export interface LaidCore {
  readonly kind: PictureCell['cores'][number]['kind'];
  readonly threads: readonly unknown[];
}

/** Cores that share a frame. */
export interface LaidCell {
  readonly cores: readonly LaidCore[];
}

/** Sizes that a picture is laid out by. */
export interface Measures {
  readonly thread: { readonly width: number; readonly height: number };
  readonly gap: number;
  /** Height of a frame's title. */
  readonly title: number;
  /** Height of what stands above the cores of each kind on hybrid processors. */
  readonly kindTitle: number;
  /** Rows of a frame have as many cores as each other, where the last would be short. */
  readonly isEven: boolean;
}

/** The room that frames are put into. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
}

/** A frame's place. */
export interface Placed<Thing> {
  readonly thing: Thing;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A frame of cores with all that is in it. */
export interface PlacedCell<Cell extends LaidCell> extends Placed<Cell> {
  readonly cores: readonly { readonly core: Cell['cores'][number]; readonly x: number; readonly y: number; readonly width: number }[];
  /** Where the cores of a kind begin. */
  readonly kinds: readonly { readonly kind: LaidCore['kind']; readonly x: number; readonly y: number }[];
}

/** Boxes side by side where several fit, as a text is set; `bottom` is below the last row. */
export function flow<Box extends { readonly width: number; readonly height: number }>(
  boxes: readonly Box[],
  { left, top, right }: Area,
  gap: number,
): { readonly placed: readonly (Box & { readonly x: number; readonly y: number })[]; readonly bottom: number } {
  let x = left;
  let y = top;
  let rowHeight = 0;
  const placed = boxes.map((box) => {
    if (x > left && x + box.width > right) {
      x = left;
      y += rowHeight + gap;
      rowHeight = 0;
    }
    const here = { ...box, x, y };
    rowHeight = Math.max(rowHeight, box.height);
    x += box.width + gap;
    return here;
  });
  return { placed, bottom: y + rowHeight };
}

/** Frames with their cores, in rows; `bottom` is below the last one. */
export function placeCells<Cell extends LaidCell>(
  cells: readonly Cell[],
  area: Area,
  measures: Measures,
  widthOf: (cell: Cell) => number,
): { readonly cells: readonly PlacedCell<Cell>[]; readonly bottom: number } {
  const boxes = cells.map((cell) => placeCores(cell, widthOf(cell), measures));
  const { placed, bottom } = flow(boxes, area, measures.gap);
  return { cells: placed.map((box) => moved(box)), bottom };
}

/** What the cores of a frame need side by side, with a gap around each. */
export function rowWidth(cores: readonly LaidCore[], { thread, gap }: Measures): number {
  return cores.reduce((sum, { threads }) => sum + threads.length * thread.width + gap, gap);
}

type Unplaced<Cell extends LaidCell> = Omit<PlacedCell<Cell>, 'x' | 'y'>;

/** As many cores side by side as fit; another kind of cores begins a new row. Positions count from the frame's corner. */
function placeCores<Cell extends LaidCell>(cell: Cell, width: number, measures: Measures): Unplaced<Cell> {
  const { thread, gap, title, kindTitle } = measures;
  const cores: { core: Cell['cores'][number]; x: number; y: number; width: number }[] = [];
  const kinds: { kind: LaidCore['kind']; x: number; y: number }[] = [];
  let x = gap;
  let y = title + gap;
  let right = width - gap;
  for (const [index, core] of cell.cores.entries()) {
    const coreWidth = core.threads.length * thread.width;
    const isOther = index > 0 && cell.cores[index - 1]?.kind !== core.kind;
    if (x > gap && (isOther || x + coreWidth > right)) {
      x = gap;
      y += thread.height + gap;
    }
    if (index === 0 || isOther) {
      if (measures.isEven) right = evenWidth(alikeFrom(cell.cores, index), width, measures) - gap;
      if (core.kind !== null) {
        kinds.push({ kind: core.kind, x, y });
        y += kindTitle;
      }
    }
    cores.push({ core, x, y, width: coreWidth });
    x += coreWidth + gap;
  }
  return { thing: cell, width, height: y + thread.height + gap, cores, kinds };
}

/** Cores of one kind that follow each other. */
function alikeFrom(cores: readonly LaidCore[], from: number): readonly LaidCore[] {
  const end = cores.findIndex(({ kind }, index) => index > from && kind !== cores[from]?.kind);
  return cores.slice(from, end === -1 ? cores.length : end);
}

/** How wide a frame is whose rows have as many of these cores as each other, if it must not be wider than `room`. */
export function evenWidth(cores: readonly LaidCore[], room: number, { thread, gap }: Measures): number {
  if (cores.length === 0) return 0;
  const core = gap + thread.width * cores.reduce((most, { threads }) => Math.max(most, threads.length), 1);
  const most = Math.max(1, Math.floor((room - gap) / core));
  return gap + core * Math.ceil(cores.length / Math.ceil(cores.length / most));
}

function moved<Cell extends LaidCell>(box: Unplaced<Cell> & { readonly x: number; readonly y: number }): PlacedCell<Cell> {
  const { x, y } = box;
  return {
    ...box,
    cores: box.cores.map((core) => ({ ...core, x: x + core.x, y: y + core.y })),
    kinds: box.kinds.map((kind) => ({ ...kind, x: x + kind.x, y: y + kind.y })),
  };
}
