import type { LaidCore, Measures, PlacedCell } from '../cpu-layout.ts';
import type { Board, BoardCell, BoardCore } from '../cpu-board.ts';
import { type DrawnCell, type DrawnPackage, GAP, GPU, heading, type PlacedPackage, placePackages } from './cpu-drawing.ts';
import { type Mark, markOf, type Marking } from './cpu-marks.ts';
import { cellTitle, nodesOf, packageTitle } from '../cpu-words.ts';
import { html, type Html } from './markup.ts';

/** What a picture shows, and what it is called. */
export interface PictureRequest {
  readonly board: Board;
  readonly marking: Marking;
  /** CPUs that pins name and this machine does not have. */
  readonly absent: readonly number[];
  /** NUMA nodes of the GPUs that go to the VM. */
  readonly gpuNodes: ReadonlySet<number>;
  /** Begins the ids of its title and description. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** Boxes for CPUs that are not there: more of them say nothing more. */
export const MOST_MISSING = 64;
const LINE = 13;

/** The processors with every CPU, and who of a VM has it. */
export function cpuPicture({ board, marking, absent, gpuNodes, id, title, description }: PictureRequest): Html {
  const drawn = [...board.packages.map((one) => toPackage(one, board, gpuNodes)), ...missing(board.offline, absent)];
  const marks = new Map(drawn.flatMap(({ cells }) => cells.flatMap((cell) => marksOf(cell, marking))));
  const measures = measuresFor(board, marks);
  const { packages, width, height } = placePackages(drawn, measures);
  const paint = { marks, height: measures.thread.height };
  return html`<svg class="cpu-picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${description}</desc>
${packages.map((one) => packageFrame(one, paint))}</svg>`;
}

function measuresFor({ cells }: Board, marks: ReadonlyMap<number, Mark>): Measures {
  const lines = [...marks.values()].reduce((most, mark) => Math.max(most, mark.lines.length), 1);
  const isHybrid = cells.some(({ cores }) => cores.some(({ kind }) => kind !== null));
  return { thread: { width: 40, height: 8 + LINE * lines }, gap: GAP, title: 18, kindTitle: isHybrid ? 16 : 0, isEven: true };
}

function toPackage(one: Board['packages'][number], board: Board, gpuNodes: PictureRequest['gpuNodes']): DrawnPackage {
  const nodes = nodesOf(one.cells);
  const hasNodes = nodes.length > 1;
  return {
    ...titled(packageTitle(one), !hasNodes && nodes.some((node) => gpuNodes.has(node))),
    cells: one.cells.map((cell: BoardCell) => ({
      ...titled(cellTitle(cell, board, hasNodes), hasNodes && cell.node !== null && gpuNodes.has(cell.node)),
      look: cell.isLarge ? 'large' : 'cell',
      cores: cell.cores.flatMap((core) => inPieces(core)),
    })),
  };
}

function titled(title: string, hasGpu: boolean): Pick<DrawnPackage, 'title' | 'hasGpu'> {
  return { title: hasGpu ? `${title}${GPU}` : title, hasGpu };
}

/** No core has more threads than eight; one that a stored report made wider must not burst its frame. */
const MOST_THREADS = 8;

function inPieces({ kind, threads }: BoardCore): readonly BoardCore[] {
  const count = Math.ceil(threads.length / MOST_THREADS);
  return Array.from({ length: count }, (_, piece) => ({ kind, threads: threads.slice(piece * MOST_THREADS, (piece + 1) * MOST_THREADS) }));
}

/** CPUs that nothing runs on: those that are off, and those that only a pin knows. */
function missing(offline: readonly number[], absent: readonly number[]): readonly DrawnPackage[] {
  const cells = [...missingCell('Switched off', 'off', offline), ...missingCell('Not in this machine, but pinned to', 'absent', absent)];
  return cells.length === 0 ? [] : [{ ...titled('CPUs that nothing can run on', false), cells }];
}

function missingCell(words: string, look: 'off' | 'absent', cpus: readonly number[]): readonly DrawnCell[] {
  if (cpus.length === 0) return [];
  const cores = cpus.slice(0, MOST_MISSING).map((cpu): BoardCore => ({ kind: null, threads: [cpu] }));
  const title = cpus.length > MOST_MISSING ? `${words} · the first ${MOST_MISSING} of ${cpus.length}` : words;
  return [{ ...titled(title, false), look, cores }];
}

function marksOf({ cores, look }: DrawnCell, marking: Marking): [number, Mark][] {
  return cores.flatMap(({ threads }) =>
    threads.map((cpu): [number, Mark] => {
      const mark = markOf(cpu, marking);
      return [cpu, look === 'off' ? { ...mark, lines: [...mark.lines, 'off'] } : mark];
    }),
  );
}

interface Paint {
  readonly marks: ReadonlyMap<number, Mark>;
  /** Height of a thread's box. */
  readonly height: number;
}

function packageFrame({ thing, x, y, width, height, cells }: PlacedPackage, paint: Paint): Html {
  return html`<rect class="cpu-package" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>
<text class="cpu-title" x="${x + 8}" y="${y + 17}">${heading(thing, width - 16, 'bold')}</text>
${cells.map((cell) => cellFrame(cell, paint))}`;
}

function cellFrame({ thing, x, y, width, height, cores, kinds }: PlacedCell<DrawnCell>, paint: Paint): Html {
  const { look } = thing;
  return html`<rect class="cpu-cell is-${look}" x="${x}" y="${y}" width="${width}" height="${height}" rx="5"/>
<text class="cpu-name" x="${x + GAP}" y="${y + 16}">${heading(thing, width - 2 * GAP, 'regular')}</text>
${kinds.map((at) => html`<text class="cpu-kind" x="${at.x}" y="${at.y + 11}">${kindText(at.kind, thing.cores)}</text>`)}
${cores.map(({ core, ...place }) => coreFrame(core, { ...place, look }, paint))}`;
}

function kindText(kind: LaidCore['kind'], cores: readonly BoardCore[]): string {
  const count = cores.filter((core) => core.kind === kind).length;
  return kind === 'performance' ? `P: ${count} performance cores` : `E: ${count} efficiency cores`;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly look: DrawnCell['look'];
  readonly corner: number;
}

function coreFrame({ kind, threads }: BoardCore, { x, y, width, look }: Omit<Place, 'corner'>, paint: Paint): Html {
  const each = width / threads.length;
  const [shape, radius] = kind === 'efficiency' ? [' is-efficiency', 8] : ['', 3];
  const corner = threads.length === 1 ? radius : 0;
  const boxes = threads.map((cpu, index) => threadBox(cpu, { x: x + index * each, y, width: each, look, corner }, paint));
  return html`${boxes}<rect class="cpu-core${shape}" x="${x}" y="${y}" width="${width}" height="${paint.height}" rx="${radius}"/>
`;
}

function threadBox(cpu: number, { x, y, width, look, corner }: Place, { marks, height }: Paint): Html {
  const { role, lines } = marks.get(cpu) ?? { role: 'host', lines: [String(cpu)] };
  const middle = x + width / 2;
  const texts = lines.map(
    (line, index) => html`<text class="${lineClass(line, index)}" x="${middle}" y="${y + LINE * (index + 1)}">${line}</text>`,
  );
  return html`<rect class="cpu-thread is-${look === 'absent' || look === 'off' ? look : role}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${corner}"/>${texts}`;
}

/** Longer marks are set in smaller letters. */
function lineClass(line: string, index: number): string {
  if (index === 0) return 'cpu-number';
  return line.length > 4 ? 'cpu-mark is-long' : 'cpu-mark';
}
