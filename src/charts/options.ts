import type { ChartOptions } from 'chart.js';

import type { Axis } from './axis.ts';
import { named } from './colours.ts';
import { LABEL_ROW } from './reference-lines.ts';

/** The word on whatever was made up. */
export const SYNTHETIC = 'SYNTHETIC';

interface Frame {
  readonly isSynthetic: boolean;
  readonly hasLegend?: boolean;
  /** Rows of labels above the chart. */
  readonly labelRows?: number;
  /** Options of further plugins. */
  readonly plugins?: ChartOptions['plugins'];
}

/** What all charts have in common. Nothing moves: a report is read, and printed. */
export function frame({ isSynthetic, hasLegend = false, labelRows = 0, plugins = {} }: Frame): ChartOptions {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    locale: 'en-US',
    color: named('text'),
    layout: { padding: { top: LABEL_ROW * labelRows + 4, right: 12, bottom: 4, left: 4 } },
    plugins: {
      legend: { display: hasLegend, align: 'start', labels: { color: named('text'), boxWidth: 14, boxHeight: 10 } },
      ...(isSynthetic ? { mark: { text: SYNTHETIC, color: named('open', 0.13) } } : {}),
      ...plugins,
    },
  };
}

/** An axis of numbers, with its title. */
export function numbers({ min, max, step }: Axis, title: string): object {
  return {
    type: 'linear',
    min,
    max,
    title: { display: title !== '', text: title, color: named('muted') },
    ticks: { stepSize: step, includeBounds: false, color: named('muted'), maxRotation: 0, autoSkipPadding: 12 },
    grid: { color: named('line') },
    border: { color: named('muted') },
  };
}

/** An axis of names. */
export function names(): object {
  return {
    type: 'category',
    ticks: { color: named('text'), autoSkip: false },
    grid: { display: false },
    border: { color: named('muted') },
  };
}
