import type { ChartConfiguration, Scale } from 'chart.js';

import { coloured, type Palette } from './colours.ts';
import { PLUGINS } from './plugins.ts';

/** What Chart.js draws: a description's configuration in these colours. A dataset without a name is none in the legend. */
export function drawable(config: ChartConfiguration, palette: Palette): ChartConfiguration {
  const copy = coloured(config, palette) as ChartConfiguration;
  const labels = copy.options?.plugins?.legend?.labels;
  if (labels !== undefined) labels.filter = ({ text }) => text !== '';
  const within = copy.options?.plugins?.referenceLines?.within;
  const ticks = copy.options?.scales?.['x']?.ticks;
  if (within !== undefined && ticks !== undefined) {
    // Beyond, the axis shows no values as they are, so there are no numbers at it.
    ticks.callback = function words(this: Scale, value): string {
      return isWithin(Number(value), within) ? this.getLabelForValue(Number(value)) : '';
    };
  }
  return { ...copy, plugins: [...PLUGINS] };
}

function isWithin(value: number, [low = -Infinity, high = Infinity]: readonly (number | undefined)[]): boolean {
  const dust = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  return value >= low - dust && value <= high + dust;
}
