import type { Chart, ChartType, Plugin } from 'chart.js';

import { type Extent, type Label, placeLabels, stacked } from './label-rows.ts';

/** A value to compare with. */
export interface ReferenceLine {
  readonly value: number;
  readonly label: string;
  readonly color: string;
  readonly isDashed?: boolean;
}

export interface ReferenceLinesOptions {
  /** `x`: the lines are upright, their labels above the chart. `y`: they lie, their labels at the right end. */
  readonly axis?: 'x' | 'y';
  readonly lines?: readonly ReferenceLine[];
  /** What of the axis shows values as they are; what lies beyond stands at its end. */
  readonly within?: readonly [low: number, high: number];
  /** Below the labels. */
  readonly backgroundColor?: string;
}

/** Room above the chart for labels of upright lines: they are put in rows, so that none covers another. */
export const LABEL_ROW = 16;
export const ROWS = 4;

const FONT_SIZE = 12;
/** From a line to its text. */
const BESIDE = 4;

/** Lines at values with their labels. One beyond the end of the axis is named at that end, with an arrow. */
export const referenceLines: Plugin<ChartType, ReferenceLinesOptions> = {
  id: 'referenceLines',
  afterDatasetsDraw(chart, _, given) {
    const { ctx, options } = chart;
    const font = options.font;
    ctx.save();
    ctx.font = `600 ${FONT_SIZE}px ${typeof font === 'object' && 'family' in font ? String(font.family) : 'sans-serif'}`;
    ctx.lineWidth = 1.5;
    if (given.axis === 'y') drawLying(chart, given);
    else drawUpright(chart, given);
    ctx.restore();
  },
};

interface Placed {
  readonly line: ReferenceLine;
  readonly pixel: number;
  readonly text: string;
  readonly isInside: boolean;
}

function placed(chart: Chart, axis: 'x' | 'y', lines: readonly ReferenceLine[], within?: ReferenceLinesOptions['within']): Placed[] {
  const scale = chart.scales[axis];
  if (scale === undefined) return [];
  const [low, high] = within ?? [scale.min, scale.max];
  return lines
    .map((line) => {
      const isBelow = line.value < low;
      const isAbove = line.value > high;
      const [before, after] = axis === 'x' ? ['« ', ' »'] : ['↓ ', ' ↑'];
      const text = `${isBelow ? before : ''}${line.label}${isAbove ? after : ''}`;
      const end = isBelow ? scale.min : scale.max;
      const isInside = !isBelow && !isAbove;
      return { line, pixel: scale.getPixelForValue(isInside ? line.value : end), text, isInside };
    })
    .toSorted((a, b) => a.pixel - b.pixel);
}

function drawUpright(chart: Chart, { lines = [], within, backgroundColor }: ReferenceLinesOptions): void {
  const { ctx, chartArea } = chart;
  const marks = placed(chart, 'x', lines, within);
  const labels = labelsOf(chart, marks);
  const places = placeLabels(labels, Math.min(labels.length, ROWS)) ?? stacked(labels);
  const at = (index: number): number => chartArea.top - LABEL_ROW * ((places[index]?.row ?? 0) + 0.6);
  for (const [index, mark] of marks.entries()) stroke(chart, mark, [mark.pixel, at(index) - FONT_SIZE / 2, mark.pixel, chartArea.bottom]);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const [index, { line, text }] of marks.entries()) {
    const { left = 0, right = 0 } = places[index] ?? {};
    ground(ctx, backgroundColor, [left - 2, at(index) - FONT_SIZE / 2 - 1, right - left + 4, FONT_SIZE + 2]);
    ctx.fillStyle = line.color;
    ctx.fillText(text, left, at(index));
  }
}

function labelsOf({ ctx, width, chartArea }: Chart, marks: readonly Placed[]): Label[] {
  return marks.map(({ pixel, text }) => ({
    line: pixel,
    places: placesOf(pixel, ctx.measureText(text).width, [chartArea.left, width]),
  }));
}

/** To the right of its line or to the left, where there is room; else as far as there is. */
function placesOf(pixel: number, width: number, [from, to]: readonly [number, number]): Extent[] {
  const lefts = [pixel + BESIDE, pixel - BESIDE - width].filter((left) => left >= from && left + width <= to);
  const last = Math.max(0, to - width);
  return (lefts.length === 0 ? [last] : lefts).map((left) => ({ left, right: left + width }));
}

function drawLying(chart: Chart, { lines = [], backgroundColor }: ReferenceLinesOptions): void {
  const { ctx, chartArea } = chart;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  for (const mark of placed(chart, 'y', lines)) {
    const { line, pixel, text } = mark;
    stroke(chart, mark, [chartArea.left, pixel, chartArea.right, pixel]);
    const width = ctx.measureText(text).width;
    const bottom = Math.max(pixel - 3, chartArea.top + FONT_SIZE + 4);
    ground(ctx, backgroundColor, [chartArea.right - 6 - width, bottom - FONT_SIZE - 1, width + 4, FONT_SIZE + 2]);
    ctx.fillStyle = line.color;
    ctx.fillText(text, chartArea.right - 4, bottom);
  }
}

/** What a text stands on, so that no line can be seen through it. */
function ground(ctx: Chart['ctx'], color: string | undefined, [x, y, width, height]: readonly [number, number, number, number]): void {
  if (color === undefined) return;
  ctx.fillStyle = color;
  ctx.fillRect(x, y, width, height);
}

const INSIDE = { dashed: [5, 4], solid: [] };

/** What lies beyond the axis stands at its end, dotted. */
function stroke(
  { ctx }: Chart,
  { line: { color, isDashed = false }, isInside }: Placed,
  [fromX, fromY, toX, toY]: readonly [number, number, number, number],
): void {
  ctx.strokeStyle = color;
  ctx.setLineDash(isInside ? INSIDE[isDashed ? 'dashed' : 'solid'] : [2, 3]);
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}
