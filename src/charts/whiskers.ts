import type { Chart, ChartType, Plugin } from 'chart.js';

/** From where to where each element of the dataset of that number is bounded; null: no bounds. */
export interface WhiskersOptions {
  readonly bounds?: readonly (readonly (readonly [low: number, high: number] | null)[])[];
  /** The axis of the values. */
  readonly axis?: string;
  readonly color?: string;
  /** Half the length of the caps, in pixels. */
  readonly cap?: number;
}

/** Bounds of values as lines with caps, across the axis of the values: error bars, intervals. What lies beyond the axis is cut there. */
export const whiskers: Plugin<ChartType, WhiskersOptions> = {
  id: 'whiskers',
  afterDatasetsDraw(chart, _, { bounds, axis = 'x', color, cap = 6 }) {
    if (bounds === undefined) return;
    const { ctx } = chart;
    ctx.save();
    ctx.strokeStyle = color ?? '#000000';
    ctx.lineWidth = 1.5;
    for (const [index, list] of bounds.entries()) {
      if (!chart.isDatasetVisible(index)) continue;
      for (const [place, range] of list.entries()) if (range !== null) whisker(chart, { index, place, range, axis, cap });
    }
    ctx.restore();
  },
};

interface Whisker {
  readonly index: number;
  readonly place: number;
  readonly range: readonly [number, number];
  readonly axis: string;
  readonly cap: number;
}

function whisker(chart: Chart, { index, place, range, axis, cap }: Whisker): void {
  const element = chart.getDatasetMeta(index).data[place];
  const scale = chart.scales[axis];
  if (element === undefined || scale === undefined) return;
  const { ctx } = chart;
  const [low, high] = range.map((value) => scale.getPixelForValue(Math.min(Math.max(value, scale.min), scale.max)));
  if (low === undefined || high === undefined) return;
  const isShown = range.map((value) => value >= scale.min && value <= scale.max);
  ctx.beginPath();
  if (axis === 'x') {
    ctx.moveTo(low, element.y);
    ctx.lineTo(high, element.y);
  } else {
    ctx.moveTo(element.x, low);
    ctx.lineTo(element.x, high);
  }
  for (const [side, at] of [low, high].entries()) {
    if (isShown[side] !== true) continue;
    ctx.moveTo(axis === 'x' ? at : element.x - cap, axis === 'x' ? element.y - cap : at);
    ctx.lineTo(axis === 'x' ? at : element.x + cap, axis === 'x' ? element.y + cap : at);
  }
  ctx.stroke();
}
