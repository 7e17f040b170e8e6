import type { Chart, ChartType, Plugin } from 'chart.js';

import { type Extent, type Label, placeLabels, stacked } from './label-rows.ts';

/** A value to compare with. */
export interface ReferenceLine {
  readonly value: number;
  readonly label: string;
  readonly color: string;
  readonly isDashed?: boolean;
  /** It gives way where there is no room for all. */
  readonly isMinor?: boolean;
}

export interface ReferenceLinesOptions {
  /** `x`: the lines are upright, their labels above the chart. `y`: they lie, their labels at the right end. */
  readonly axis?: 'x' | 'y';
  readonly lines?: readonly ReferenceLine[];
}

/** Room above the chart for labels of upright lines: they are put in rows, so that none covers another. */
export const LABEL_ROW = 16;
export const ROWS = 3;

const FONT_SIZE = 12;
/** From a line to its text. */
const BESIDE = 4;

/** Lines at values with their labels. One beyond the end of the axis is named at that end, with an arrow. */
export const referenceLines: Plugin<ChartType, ReferenceLinesOptions> = {
  id: 'referenceLines',
  afterDatasetsDraw(chart, _, { axis = 'x', lines = [] }) {
    const { ctx, options } = chart;
    const font = options.font;
    ctx.save();
    ctx.font = `600 ${FONT_SIZE}px ${typeof font === 'object' && 'family' in font ? String(font.family) : 'sans-serif'}`;
    ctx.lineWidth = 1.5;
    if (axis === 'x') drawUpright(chart, lines);
    else drawLying(chart, lines);
    ctx.restore();
  },
};

interface Placed {
  readonly line: ReferenceLine;
  readonly pixel: number;
  readonly text: string;
  readonly isInside: boolean;
}

function placed(chart: Chart, axis: 'x' | 'y', lines: readonly ReferenceLine[]): Placed[] {
  const scale = chart.scales[axis];
  if (scale === undefined) return [];
  return lines
    .map((line) => {
      const inside = Math.min(Math.max(line.value, scale.min), scale.max);
      const [before, after] = axis === 'x' ? ['« ', ' »'] : ['↓ ', ' ↑'];
      const text = `${line.value < scale.min ? before : ''}${line.label}${line.value > scale.max ? after : ''}`;
      return { line, pixel: scale.getPixelForValue(inside), text, isInside: inside === line.value };
    })
    .toSorted((a, b) => a.pixel - b.pixel);
}

function drawUpright(chart: Chart, lines: readonly ReferenceLine[]): void {
  const { ctx, chartArea } = chart;
  const all = placed(chart, 'x', lines);
  const major = all.filter(({ line }) => line.isMinor !== true);
  const clear = [all, major].find((some) => placeLabels(labelsOf(chart, some), ROWS) !== null);
  const marks = clear ?? major;
  const places = placeLabels(labelsOf(chart, marks), ROWS) ?? stacked(labelsOf(chart, marks), ROWS);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const [index, { line, pixel, text, isInside }] of marks.entries()) {
    const { left = 0, row = 0 } = places[index] ?? {};
    const y = chartArea.top - LABEL_ROW * (row + 0.6);
    if (isInside) stroke(chart, line, [pixel, y - FONT_SIZE / 2, pixel, chartArea.bottom]);
    ctx.fillStyle = line.color;
    ctx.fillText(text, left, y);
  }
}

function labelsOf({ ctx, width, chartArea }: Chart, marks: readonly Placed[]): Label[] {
  return marks.map(({ pixel, text, isInside }) => ({
    line: isInside ? pixel : null,
    places: placesOf(pixel, ctx.measureText(text).width, [chartArea.left, width]),
  }));
}

/** To the right of its line or to the left, where there is room; else as far as there is. */
function placesOf(pixel: number, width: number, [from, to]: readonly [number, number]): Extent[] {
  const lefts = [pixel + BESIDE, pixel - BESIDE - width].filter((left) => left >= from && left + width <= to);
  const last = Math.max(0, to - width);
  return (lefts.length === 0 ? [last] : lefts).map((left) => ({ left, right: left + width }));
}

function drawLying(chart: Chart, lines: readonly ReferenceLine[]): void {
  const { ctx, chartArea } = chart;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  for (const { line, pixel, text, isInside } of placed(chart, 'y', lines)) {
    if (isInside) stroke(chart, line, [chartArea.left, pixel, chartArea.right, pixel]);
    ctx.fillStyle = line.color;
    ctx.fillText(text, chartArea.right - 4, Math.max(pixel - 2, chartArea.top + FONT_SIZE + 2));
  }
}

function stroke(
  { ctx }: Chart,
  { color, isDashed = false }: ReferenceLine,
  [fromX, fromY, toX, toY]: readonly [number, number, number, number],
): void {
  ctx.strokeStyle = color;
  ctx.setLineDash(isDashed ? [5, 4] : []);
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}
