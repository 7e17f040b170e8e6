import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js';

import type { Palette } from '../../../charts/colours.ts';
import { drawable } from '../../../charts/drawable.ts';

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
  Tooltip,
);
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

/** What the page says of one chart. */
export interface ChartData {
  readonly id: string;
  readonly height: number;
  readonly config: ChartConfiguration;
}

/** Makes room for a chart and gives what draws it in a palette; null where the page has no canvas for it. */
export function drawChart({ id, height, config }: ChartData): ((palette: Palette) => void) | null {
  const canvas = document.getElementById(`chart-${id}`);
  if (!(canvas instanceof HTMLCanvasElement) || canvas.parentElement === null) return null;
  canvas.parentElement.style.height = `${height}px`;
  const figure = canvas.closest('figure');
  const lines = linesOf(figure?.querySelector('table') ?? null);
  let chart: Chart | null = null;
  return (palette) => {
    chart?.destroy();
    chart = new Chart(canvas, withTips(drawable(config, palette), lines, palette));
  };
}

/** What each row of the table says, before anybody sorts it: `From (ms): 8`. */
function linesOf(table: HTMLTableElement | null): string[][] {
  const columns = [...(table?.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent.trim());
  return [...(table?.tBodies[0]?.rows ?? [])].map((row) =>
    [...row.cells].map((cell, index) => `${columns[index] ?? ''}: ${cell.textContent.trim()}`),
  );
}

/** A tip says what the row of the table says. */
function withTips(config: ChartConfiguration, lines: readonly (readonly string[])[], palette: Palette): ChartConfiguration {
  const { options = {} } = config;
  const isLine = config.type === 'line';
  return {
    ...config,
    options: {
      ...options,
      ...(isLine ? { interaction: { mode: 'index', axis: 'x', intersect: false } } : {}),
      plugins: {
        ...options.plugins,
        tooltip: {
          animation: false,
          displayColors: false,
          backgroundColor: palette.text,
          titleColor: palette.surface,
          bodyColor: palette.surface,
          filter: ({ datasetIndex }) => !isLine || datasetIndex === 0,
          callbacks: { title: () => '', label: ({ dataIndex }) => [...(lines[dataIndex] ?? [])] },
        },
      },
    },
  };
}
