import { flow } from '../cpu-layout.ts';
import type { Board, BoardCell } from '../cpu-board.ts';
import { fitted, PICTURE_WIDTH } from './cpu-drawing.ts';
import type { Marking } from './cpu-marks.ts';
import type { PictureRequest } from './cpu-picture.ts';
import { cellTitle, coresText, cpusText, tenantWords } from '../cpu-words.ts';
import { html, type Html } from './markup.ts';

/** More caches than these say nothing more in a picture. */
const MOST_FRAMES = 96;
const FRAME = { width: 248, height: 78 } as const;
const GAP = 6;

/** A frame for each cache, with what is in it in words: for processors with more CPUs than a picture can show. */
export function cpuSummary({ board, marking, gpuNodes, id, title, description }: PictureRequest): Html {
  const boxes = board.cells.slice(0, MOST_FRAMES).map((cell) => ({ cell, ...FRAME }));
  const { placed, bottom } = flow(boxes, { left: 1, top: 1, right: PICTURE_WIDTH - 1 }, GAP);
  const width = Math.max(...placed.map(({ x }) => x + FRAME.width)) + 1;
  return html`<svg class="cpu-picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 1}" width="${width}" height="${bottom + 1}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${description}</desc>
${placed.map(({ cell, x, y }) => frame(cell, { x, y }, { board, marking, gpuNodes }))}</svg>`;
}

/** What the summary leaves out; null when nothing. */
export function summaryRest({ cells }: Board): string | null {
  return cells.length > MOST_FRAMES ? `The picture has the first ${MOST_FRAMES} of ${cells.length} caches.` : null;
}

function frame(
  cell: BoardCell,
  { x, y }: { readonly x: number; readonly y: number },
  { board, marking, gpuNodes }: Pick<PictureRequest, 'board' | 'marking' | 'gpuNodes'>,
): Html {
  const cpus = cell.cores.flatMap(({ threads }) => threads);
  const who = whoIsHere(cpus, marking);
  const role = who === '' ? 'host' : 'vcpu';
  const gpu = cell.node !== null && gpuNodes.has(cell.node) ? 'GPU' : '';
  const lines = [
    `package ${cell.packageId} · ${coresText(cell.cores)}`,
    cpusText(cpus),
    [gpu, who].filter((part) => part !== '').join('; '),
  ];
  const title = cellTitle(cell, board, true);
  return html`<rect class="cpu-thread is-${role}" x="${x}" y="${y}" width="${FRAME.width}" height="${FRAME.height}" rx="5"/>
<rect class="cpu-cell is-${cell.isLarge ? 'large' : 'cell'}" x="${x}" y="${y}" width="${FRAME.width}" height="${FRAME.height}" rx="5"/>
<text class="cpu-title" x="${x + 8}" y="${y + 17}">${fitted(title, FRAME.width - 16, 'bold')}</text>
${lines.map((line, index) => html`<text class="cpu-name" x="${x + 8}" y="${y + 34 + index * 17}">${fitted(line, FRAME.width - 16)}</text>`)}
`;
}

/** `vCPUs 0-15; emulator`: who of the VM may run on some of the CPUs. */
function whoIsHere(cpus: readonly number[], { tenancy }: Marking): string {
  if (tenancy === null) return '';
  return tenantWords(cpus.flatMap((cpu) => tenancy.byCpu.get(cpu) ?? [])).join('; ');
}
