import type { Chart, ChartType, Plugin } from 'chart.js';

/** Words above a bar. */
export interface BarNote {
  readonly x: number;
  readonly y: number;
  /** What they must not cover. */
  readonly above: number;
  readonly lines: readonly string[];
  /** To which side of the bar's middle they go. */
  readonly side: 'left' | 'right';
}

export interface BarNotesOptions {
  readonly notes?: readonly BarNote[];
  readonly color?: string;
  /** Below the words. */
  readonly backgroundColor?: string;
}

const FONT_SIZE = 12;
const LINE = 15;
/** From the middle of a bar to where its words begin or end. */
const BESIDE = 6;

/** Says beside a bar what it stands for, where the axis does not. */
export const barNotes: Plugin<ChartType, BarNotesOptions> = {
  id: 'barNotes',
  afterDatasetsDraw(chart, _, { notes = [], color = '#000000', backgroundColor = '#ffffff' }) {
    const { ctx, options } = chart;
    const font = options.font;
    ctx.save();
    ctx.font = `600 ${FONT_SIZE}px ${typeof font === 'object' && 'family' in font ? String(font.family) : 'sans-serif'}`;
    ctx.textBaseline = 'middle';
    for (const note of notes) draw(chart, note, { color, backgroundColor });
    ctx.restore();
  },
};

function draw(
  { ctx, scales, chartArea }: Chart,
  { x, y, above, lines, side }: BarNote,
  colours: { color: string; backgroundColor: string },
): void {
  const [across, up] = [scales['x'], scales['y']];
  if (across === undefined || up === undefined) return;
  const left = side === 'right';
  ctx.textAlign = left ? 'left' : 'right';
  const at = across.getPixelForValue(x) + (left ? -BESIDE : BESIDE);
  const lowest = Math.max(up.getPixelForValue(above) - LINE / 2 - 6, chartArea.top + LINE * (lines.length - 0.5));
  ctx.strokeStyle = colours.color;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(across.getPixelForValue(x), lowest + LINE / 2);
  ctx.lineTo(across.getPixelForValue(x), up.getPixelForValue(y) - 1);
  ctx.stroke();
  for (const [index, text] of lines.entries()) {
    const middle = lowest - LINE * (lines.length - 1 - index);
    const { width } = ctx.measureText(text);
    ctx.fillStyle = colours.backgroundColor;
    ctx.fillRect((left ? at : at - width) - 2, middle - LINE / 2, width + 4, LINE);
    ctx.fillStyle = colours.color;
    ctx.fillText(text, at, middle);
  }
}
