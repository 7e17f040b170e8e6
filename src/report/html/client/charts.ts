// Draws the charts that the page describes. Their numbers stand in tables; this adds the pictures.
import { type ChartData, drawChart } from './draw-chart.ts';
import { pagePalette, PAPER } from './palette.ts';

const data = JSON.parse(document.getElementById('chart-data')?.textContent ?? '[]') as ChartData[];
const redraws = data.flatMap((one) => drawChart(one) ?? []);

function drawWith(palette: typeof PAPER): void {
  for (const redraw of redraws) redraw(palette);
}

document.documentElement.classList.add('charted');
drawWith(pagePalette());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => drawWith(pagePalette()));
// Paper is white, whatever the screen looks like.
window.addEventListener('beforeprint', () => drawWith(PAPER));
window.addEventListener('afterprint', () => drawWith(pagePalette()));
