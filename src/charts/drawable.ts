import type { ChartConfiguration } from 'chart.js';

import { coloured, type Palette } from './colours.ts';
import { PLUGINS } from './plugins.ts';

/** What Chart.js draws: a description's configuration in these colours. A dataset without a name is none in the legend. */
export function drawable(config: ChartConfiguration, palette: Palette): ChartConfiguration {
  const copy = coloured(config, palette) as ChartConfiguration;
  const labels = copy.options?.plugins?.legend?.labels;
  if (labels !== undefined) labels.filter = ({ text }) => text !== '';
  return { ...copy, plugins: [...PLUGINS] };
}
