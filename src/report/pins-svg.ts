import type { Picture, PictureCell, PictureThread } from '../pinning/picture.ts';
import type { PinResult } from '../pinning/result.ts';
import { flow, placeCells, type PlacedCell, rowWidth } from './cpu-layout.ts';
import { escapeXml } from './escape-xml.ts';
import { isHybrid } from './pins-picture.ts';
import { oneLine } from './sanitize.ts';
import { shorten } from './wrap.ts';

const WIDTH = 960;
const MARGIN = 24;
const THREAD = { width: 44, height: 38 } as const;
const GAP = 8;
const MEASURES = { thread: THREAD, gap: GAP, title: 18, kindTitle: 0, isEven: false } as const;
const LINE = 20;

/** Dark text on light colours, told apart by letters, too: the contrast holds in print and for the colour-blind. */
const FILLS: Readonly<Record<PictureThread['role'], string>> = {
  vcpu: '#b7e4c7',
  emulator: '#ffe0a3',
  iothread: '#fff3cd',
  avoided: '#d7ccc8',
  host: '#eceff1',
};

/** The processor as a plan divides it, as a picture that needs nothing else: no script, no font, no address. */
export function renderPinsSvg({ host, domain, plan, refusal, picture }: PinResult): string {
  let y = MARGIN;
  const parts: string[] = [];
  const title =
    plan === null
      ? `No plan: ${refusal?.reason ?? ''}`
      : `Proposed: ${plan.vcpus.length === 1 ? '1 vCPU' : `${plan.vcpus.length} vCPUs`}${domain === null ? '' : ` for ${domain}`}`;
  parts.push(text(MARGIN, y + 14, title, 'class="title"'));
  y += 22;
  if (host.processor !== null) {
    parts.push(text(MARGIN, y + 12, host.processor));
    y += LINE;
  }
  y += GAP;
  const cells = drawCells(picture.cells, y);
  parts.push(...cells.parts);
  y += cells.height;
  if (picture.offline.length > 0) {
    parts.push(text(MARGIN, y + 14, `Switched off: ${picture.offline.join(', ')}`));
    y += LINE;
  }
  const entries = legendEntries(picture, plan !== null);
  const places = legendPlaces(entries, y + GAP);
  parts.push(...legend(places.placed));
  return document(places.bottom + MARGIN, title, parts);
}

function document(height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    '<style>text{font:13px sans-serif;fill:#1b1f23}.title{font-size:16px;font-weight:bold}.thread{font-size:12px;text-anchor:middle}.of{font-weight:bold}</style>',
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** Frames side by side where several fit. */
function drawCells(cells: readonly PictureCell[], top: number): { readonly parts: readonly string[]; readonly height: number } {
  const placed = placeCells(cells, { left: MARGIN, top, right: WIDTH - MARGIN }, MEASURES, cellWidth);
  return { parts: placed.cells.flatMap(drawCell), height: placed.bottom + GAP - top };
}

/** As its cores need in one row, or its title; at most the whole picture. */
function cellWidth(cell: PictureCell): number {
  return Math.min(WIDTH - 2 * MARGIN, Math.max(rowWidth(cell.cores, MEASURES), cellTitle(cell).length * 8 + 2 * GAP));
}

/** A frame with its name above and the cores in it. */
function drawCell({ thing, x, y, width, height, cores }: PlacedCell<PictureCell>): string[] {
  const frame = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="none" stroke="#90a4ae"/>`;
  const drawn = cores.flatMap(({ core, ...place }) => drawCore(core.threads, core.kind, place.x, place.y));
  return [frame, text(x + GAP, y + 16, cellTitle(thing)), ...drawn];
}

function cellTitle({ name, cacheKiB, packageId, node }: PictureCell): string {
  const size = cacheKiB === null ? [] : [`L3 ${cacheKiB >= 1024 ? `${Math.round(cacheKiB / 1024)} MiB` : `${cacheKiB} KiB`}`];
  const where = name.startsWith('package') ? [] : [`package ${packageId}`];
  return [name, ...size, ...where, ...(node === null ? [] : [`node ${node}`])].join(' · ');
}

function drawCore(threads: readonly PictureThread[], kind: PictureCell['cores'][number]['kind'], x: number, y: number): string[] {
  const width = threads.length * THREAD.width;
  const dashes = kind === 'efficiency' ? DASHES : '';
  return [
    ...threads.flatMap((thread, index) => drawThread(thread, x + index * THREAD.width, y)),
    `<rect x="${x}" y="${y}" width="${width}" height="${THREAD.height}" rx="3" fill="none" stroke="#455a64"${dashes}/>`,
  ];
}

function drawThread({ cpu, role, vcpu }: PictureThread, x: number, y: number): string[] {
  const middle = x + THREAD.width / 2;
  const below = role === 'vcpu' ? `v${vcpu ?? ''}` : { emulator: 'E', iothread: 'I', avoided: '×', host: '' }[role];
  return [
    `<rect x="${x}" y="${y}" width="${THREAD.width}" height="${THREAD.height}" fill="${FILLS[role]}"/>`,
    text(middle, y + 15, String(cpu), 'class="thread"'),
    ...(below === '' ? [] : [text(middle, y + 31, below, 'class="thread of"')]),
  ];
}

interface LegendEntry {
  readonly words: string;
  readonly fill: string;
  readonly dashes?: string;
}

/** Without a plan nobody has a CPU, so there is no role to explain. */
function legendEntries({ cells }: Picture, isPlanned: boolean): readonly LegendEntry[] {
  const roles = new Set(cells.flatMap(({ cores }) => cores.flatMap(({ threads }) => threads.map(({ role }) => role))));
  const known = [
    ['vcpu', 'v0: vCPU 0'],
    ['emulator', roles.has('iothread') ? 'E: the emulator' : 'E: the emulator and I/O threads'],
    ['iothread', 'I: I/O threads'],
    ['avoided', '×: not for this VM'],
    ['host', 'other work of the host'],
  ] as const;
  const kinds: readonly LegendEntry[] = isHybrid(cells)
    ? [
        { words: 'P core (performance)', fill: 'none' },
        { words: 'E core (efficiency)', fill: 'none', dashes: DASHES },
      ]
    : [];
  return [...(isPlanned ? known.filter(([role]) => roles.has(role)).map(([role, words]) => ({ words, fill: FILLS[role] })) : []), ...kinds];
}

/** A swatch, its words in the widest usual face, and the room to the next. */
function legendWidth({ words }: LegendEntry): number {
  return 22 + Math.ceil(words.length * 8) + 20;
}

function legendPlaces(entries: readonly LegendEntry[], top: number): { readonly placed: readonly PlacedEntry[]; readonly bottom: number } {
  const boxes = entries.map((entry) => ({ ...entry, width: legendWidth(entry), height: LINE }));
  return flow(boxes, { left: MARGIN, top, right: WIDTH - MARGIN }, 0);
}

type PlacedEntry = LegendEntry & { readonly x: number; readonly y: number };

function legend(placed: readonly PlacedEntry[]): string[] {
  return placed.flatMap(({ words, fill, dashes = '', x, y }) => {
    return [
      `<rect x="${x}" y="${y}" width="16" height="16" rx="3" fill="${fill}" stroke="#455a64"${dashes}/>`,
      text(x + 22, y + 13, words),
    ];
  });
}

/** The frame of an efficiency core. */
const DASHES = ' stroke-dasharray="4 2"';

function text(x: number, y: number, words: string, attributes = ''): string {
  return `<text x="${x}" y="${y}"${attributes === '' ? '' : ` ${attributes}`}>${escaped(words)}</text>`;
}

/** Names come from the host or a file. */
function escaped(words: string): string {
  return escapeXml(shorten(oneLine(words), 110));
}
