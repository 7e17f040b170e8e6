import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartItem,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
  ScatterController,
} from 'chart.js';

import { canvasWithFont, FAMILY } from './canvas/canvas-with-font.ts';
import type { ChartDescription } from './chart.ts';
import { PAPER } from './colours.ts';
import { drawable } from './drawable.ts';
import { SYNTHETIC } from './options.ts';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
);

Chart.defaults.font.family = FAMILY;
Chart.defaults.font.size = 13;

/** In pixels of CSS; the picture has twice as many each way. */
const WIDTH = 760;
const DENSITY = 2;
const MARGIN = 16;
const LINE_HEIGHT = 20;

/** Draws a chart as a PNG on white, the same on every machine. Throws `CannotDraw` where a package for it is missing. */
export async function chartPng(description: ChartDescription): Promise<Buffer> {
  const canvas = await canvasWithFont();
  const heading = headingOf(description);
  const room = MARGIN + LINE_HEIGHT * heading.length;
  const picture = canvas(WIDTH, description.height + room);
  const { options = {}, plugins = [], ...config } = drawable(description.config, PAPER);
  // Chart.js asks for nothing that only a browser's canvas has.
  const item: unknown = picture;
  const chart = new Chart(item as ChartItem, {
    ...config,
    options: {
      ...options,
      responsive: false,
      devicePixelRatio: DENSITY,
      events: [],
      layout: { padding: { left: MARGIN, right: MARGIN + 8, bottom: MARGIN - 4, top: topOf(options) + room } },
    },
    plugins: [...plugins, paper(heading)],
  });
  try {
    return picture.toBuffer('image/png');
  } finally {
    chart.destroy();
  }
}

/** The page has it above the picture; a picture alone must say it itself. */
function headingOf({ title, isSynthetic }: ChartDescription): string[] {
  return isSynthetic ? [title, `${SYNTHETIC}: made up, nothing was measured`] : [title];
}

function topOf({ layout }: NonNullable<ChartDescription['config']['options']>): number {
  const padding = layout?.padding;
  return typeof padding === 'object' && 'top' in padding && typeof padding.top === 'number' ? padding.top : 0;
}

function paper([title = '', ...more]: readonly string[]): Plugin {
  return {
    id: 'paper',
    beforeDraw({ ctx, width, height }) {
      ctx.save();
      ctx.fillStyle = PAPER.surface;
      ctx.fillRect(0, 0, width, height);
      ctx.textBaseline = 'top';
      ctx.fillStyle = PAPER.text;
      ctx.font = `600 15px ${FAMILY}`;
      ctx.fillText(title, MARGIN, MARGIN);
      ctx.fillStyle = PAPER.open;
      ctx.font = `600 13px ${FAMILY}`;
      for (const [index, line] of more.entries()) ctx.fillText(line, MARGIN, MARGIN + LINE_HEIGHT * (index + 1));
      ctx.restore();
    },
  };
}
