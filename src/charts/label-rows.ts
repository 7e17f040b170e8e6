/** The label of an upright line: where the line is, and where its text can reach from and to, best first. */
export interface Label {
  readonly line: number;
  readonly places: readonly Extent[];
}

export interface Extent {
  readonly left: number;
  readonly right: number;
}

/** A label in its place, in a row above the chart: 0 is the lowest. */
export interface PlacedLabel extends Extent {
  readonly line: number;
  readonly row: number;
}

/** Between two texts. */
const GAP = 8;
/** Between a text and the line of another. */
const MARGIN = 6;

/**
 * Where each label stands, so that no text covers another and no line runs through a text (it runs through all rows below its
 * own). Tried out: a chart has four lines at most. Null where there is no such order.
 */
export function placeLabels(labels: readonly Label[], rows: number, done: readonly PlacedLabel[] = []): PlacedLabel[] | null {
  const label = labels[done.length];
  if (label === undefined) return [...done];
  for (let row = 0; row < rows; row++) {
    for (const extent of label.places) {
      const next = { ...extent, line: label.line, row };
      const found = done.every((one) => areClear(one, next)) ? placeLabels(labels, rows, [...done, next]) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

/** Where each label stands when there is no such order: a row each, so that at least no text covers another. */
export function stacked(labels: readonly Label[]): PlacedLabel[] {
  return labels.map(({ line, places: [first = { left: 0, right: 0 }] }, index) => ({
    ...first,
    line,
    row: labels.length - 1 - index,
  }));
}

function areClear(a: PlacedLabel, b: PlacedLabel): boolean {
  return areApart(a, b) && !crosses(a, b) && !crosses(b, a);
}

function areApart(a: PlacedLabel, b: PlacedLabel): boolean {
  return a.row !== b.row || a.left >= b.right + GAP || b.left >= a.right + GAP;
}

/** Does the line of `a` run through the text of `b`? Beside it there has to be a little room. */
function crosses(a: PlacedLabel, b: PlacedLabel): boolean {
  return a.row >= b.row && a.line > b.left - MARGIN && a.line < b.right + MARGIN;
}
