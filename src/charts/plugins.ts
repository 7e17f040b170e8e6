import type { Chart, ChartType, Plugin } from 'chart.js';

import { barNotes, type BarNotesOptions } from './bar-notes.ts';
import { referenceLines, type ReferenceLinesOptions } from './reference-lines.ts';
import { whiskers, type WhiskersOptions } from './whiskers.ts';

declare module 'chart.js' {
  // oxlint-disable-next-line no-unused-vars
  interface PluginOptionsByType<TType extends ChartType> {
    referenceLines?: ReferenceLinesOptions;
    whiskers?: WhiskersOptions;
    barNotes?: BarNotesOptions;
    mark?: MarkOptions;
  }
}

/** One word across the picture, so that no part of it can be cut out without. */
interface MarkOptions {
  readonly text?: string;
  readonly color?: string;
}

const mark: Plugin<ChartType, MarkOptions> = {
  id: 'mark',
  afterDatasetsDraw({ ctx, chartArea, options }, _, { text, color }) {
    if (text === undefined || color === undefined) return;
    ctx.save();
    ctx.translate((chartArea.left + chartArea.right) / 2, (chartArea.top + chartArea.bottom) / 2);
    ctx.rotate(-Math.min(0.35, Math.atan2(chartArea.height, chartArea.width)));
    ctx.font = `600 ${Math.max(14, Math.min(chartArea.width / (0.85 * text.length), chartArea.height / 1.6, 72))}px ${familyOf(options)}`;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillStyle = color;
    ctx.fillText(text, 0, 0);
    ctx.restore();
  },
};

function familyOf({ font }: Chart['options']): string {
  return typeof font === 'object' && 'family' in font && typeof font.family === 'string' ? font.family : 'sans-serif';
}

/** What a chart of passcheck needs beyond Chart.js; their options are JSON. Page and PNG draw with the same. */
export const PLUGINS: readonly Plugin[] = [mark, whiskers, referenceLines, barNotes];
