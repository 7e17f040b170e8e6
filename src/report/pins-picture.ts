import { formatCpuList } from '../facts/cpu-list.ts';
import type { Picture, PictureCell, PictureThread } from '../pinning/picture.ts';

/** Paints a piece of a picture; without colours it gives the text back. */
export type PaintRole = (role: PictureThread['role'] | 'frame', text: string) => string;

/** How a picture is drawn. */
interface Drawing {
  /** Without a plan nobody has a core: only what is there is drawn. */
  readonly isPlanned: boolean;
}

/**
 * The processor drawn in characters: a frame for each core, its CPUs above, what they are for below. No line is wider than
 * `columns`, however many CPUs there are.
 */
export function drawPicture({ cells, offline }: Picture, columns: number, paint: PaintRole, { isPlanned }: Drawing = PLANNED): string[] {
  const digits = Math.max(...cells.flatMap(({ cores }) => cores.flatMap(({ threads }) => threads.map(({ cpu }) => String(cpu).length))));
  const layout = { slot: isPlanned ? digits + 1 : digits, columns, isPlanned, isHybrid: isHybrid(cells) };
  const lines = cells.flatMap((cell, index) => [...(index === 0 ? [] : ['']), ...cellLines(cell, layout, paint)]);
  const off = offline.length === 0 ? [] : ['', `switched off: ${formatCpuList(offline)}`];
  return [...lines, ...off, ...(isPlanned ? ['', legend(cells, paint)] : [])];
}

const PLANNED: Drawing = { isPlanned: true };

/** Does the processor have performance and efficiency cores? */
export function isHybrid(cells: readonly PictureCell[]): boolean {
  return cells.some(({ cores }) => cores.some(({ kind }) => kind === 'efficiency'));
}

const INDENT = '  ';

interface Layout extends Drawing {
  /** Characters of one CPU. */
  readonly slot: number;
  readonly columns: number;
  readonly isHybrid: boolean;
}

function cellLines(cell: PictureCell, layout: Layout, paint: PaintRole): string[] {
  const kinds = [...new Set(cell.cores.map(({ kind }) => kind))];
  return [
    heading(cell),
    ...kinds.flatMap((kind) => {
      const cores = cell.cores.filter((core) => core.kind === kind);
      const lines = rowsOf(cores, layout.slot, layout.columns).flatMap((row) => rowLines(row, layout, paint));
      return layout.isHybrid ? [`${INDENT}${KINDS[kind ?? 'other']} cores`, ...lines] : lines;
    }),
  ];
}

const KINDS = { performance: 'P (performance)', efficiency: 'E (efficiency)', other: 'other' } as const;

function heading({ name, cacheKiB, packageId, node, cores }: PictureCell): string {
  const size = cacheKiB === null ? [] : [cacheKiB >= 1024 ? `L3 ${Math.round(cacheKiB / 1024)} MiB` : `L3 ${cacheKiB} KiB`];
  const where = name.startsWith('package') ? [] : [`package ${packageId}`];
  const count = cores.length === 1 ? '1 core' : `${cores.length} cores`;
  return [name, ...size, count, ...where, ...(node === null ? [] : [`node ${node}`])].join(' · ');
}

type Cores = PictureCell['cores'];

/** As many cores side by side as fit; rows of a cell are of the same length but for the last. */
function rowsOf(cores: Cores, slot: number, columns: number): readonly Cores[] {
  const widest = Math.max(...cores.map(({ threads }) => coreWidth(threads.length, slot)));
  const most = Math.max(1, Math.floor((columns - INDENT.length - 1) / (widest + 1)));
  const rows = Math.ceil(cores.length / most);
  const each = Math.ceil(cores.length / rows);
  return Array.from({ length: rows }, (_, row) => cores.slice(row * each, (row + 1) * each));
}

function coreWidth(threads: number, slot: number): number {
  return threads * slot + (threads - 1);
}

function rowLines(cores: Cores, { slot, isPlanned }: Layout, paint: PaintRole): string[] {
  const line = (text: (thread: PictureThread) => string): string => {
    const drawn = cores.map(({ threads }) => threads.map((thread) => paint(thread.role, text(thread).padStart(slot))).join(' '));
    const bar = paint('frame', '│');
    return `${INDENT}${bar}${drawn.join(bar)}${bar}`;
  };
  return [line(({ cpu }) => String(cpu)), ...(isPlanned ? [line(mark)] : [])];
}

const MARKS = { emulator: 'E', iothread: 'I', avoided: '×', host: '·' } as const;

function mark({ role, vcpu }: PictureThread): string {
  if (role === 'vcpu') return `v${vcpu ?? ''}`;
  return MARKS[role];
}

function legend(cells: readonly PictureCell[], paint: PaintRole): string {
  const roles = new Set(cells.flatMap(({ cores }) => cores.flatMap(({ threads }) => threads.map(({ role }) => role))));
  const known = [
    ['vcpu', 'v0 vCPU 0'],
    ['emulator', roles.has('iothread') ? 'E emulator' : 'E emulator and I/O threads'],
    ['iothread', 'I I/O threads'],
    ['avoided', '× avoided'],
    ['host', '· other work of the host'],
  ] as const;
  const parts = known.filter(([role]) => roles.has(role)).map(([role, text]) => paint(role, text));
  return `${INDENT}${parts.join('   ')}`;
}
