import { counted } from '../../pinning/words.ts';
import type { MachineVm } from '../machine.ts';
import { shorten } from '../wrap.ts';
import type { Board, BoardCell } from './cpu-board.ts';
import type { Tenancy } from './cpu-tenants.ts';
import {
  absentText,
  cacheText,
  coresText,
  cpusText,
  hasCache,
  iothreadsText,
  largeText,
  numbersText,
  offText,
  siblingsText,
  tenantWords,
  vcpusText,
} from './cpu-words.ts';
import { html, type Html } from './markup.ts';

/** More rows than these nobody reads. */
const MOST_CELLS = 128;

interface Row {
  readonly thread: string;
  /** Null: no pin says which. */
  readonly cpus: readonly number[] | null;
  /** What stands there instead. */
  readonly instead: string;
}

/** Where each thread of a VM runs, in words: what the picture shows. Without a board only the CPUs are known. */
export function placeTable(
  vm: MachineVm,
  tenancy: Tenancy,
  { board, number, most }: { readonly board: Board | null; readonly number: number; readonly most: number },
): Html {
  const rows = rowsOf(vm, tenancy);
  const shown = rows.slice(0, most);
  const name = shorten(vm.name, 110);
  return html`<div class="wide" tabindex="0" role="region" aria-label="Table ${number}: threads of ${name}">
<table class="cpu-table">
<caption>Threads of ${name}</caption>
<thead><tr><th scope="col">Thread</th><th scope="col">Host CPUs</th>${board === null ? null : PLACE_HEADS}</tr></thead>
<tbody>${shown.map(
    ({ thread, cpus, instead }) => html`
<tr><th scope="row">${thread}</th><td>${cpus === null ? instead : numbersText(cpus)}</td>${board === null ? null : placeCells(cpus, tenancy, board)}</tr>`,
  )}
</tbody>
</table>
</div>
${rows.length > shown.length ? html`<p class="cpu-more">The table has the first ${shown.length} of ${rows.length} rows; the JSON report has all.</p>` : null}`;
}

const PLACE_HEADS = html`<th scope="col">Core (its CPUs)</th><th scope="col">L3 cache</th><th scope="col">NUMA node</th><th scope="col">Shares its core with</th>`;

/** Threads that follow each other and may run on the same CPUs stand in one row. */
function rowsOf({ pins }: MachineVm, { emulator, groupOf }: Tenancy): readonly Row[] {
  return [
    ...merged(pins.vcpus, vcpusText, { groupOf, insteadOf: insteadFor(pins, 'vCPU') }),
    { thread: 'Emulator', cpus: emulator, instead: insteadFor(pins, 'emulator')(null) },
    ...merged(pins.iothreads, iothreadsText, { groupOf, insteadOf: insteadFor(pins, 'I/O thread') }),
  ];
}

type Instead = (id: number | null) => string;

/** A list that could not be read is not the same as none. */
function insteadFor({ unread = [], auto }: MachineVm['pins'], thread: 'vCPU' | 'emulator' | 'I/O thread'): Instead {
  const bad = new Set(unread.flatMap((one) => (one.thread === thread ? [one.id] : [])));
  const unpinned = auto === true ? 'as numad says' : 'any';
  return (id) => (bad.has(id) ? 'not known: no list of CPUs' : unpinned);
}

interface Merging extends Pick<Tenancy, 'groupOf'> {
  readonly insteadOf: Instead;
}

function merged(
  places: MachineVm['pins']['vcpus'],
  words: (ids: readonly number[]) => string,
  { groupOf, insteadOf }: Merging,
): readonly Row[] {
  const runs: { readonly ids: number[]; readonly cpus: readonly number[] | null; readonly key: unknown; readonly instead: string }[] = [];
  for (const place of places) {
    const instead = insteadOf(place.id);
    const key = groupOf.get(place) ?? instead;
    const last = runs.at(-1);
    if (last !== undefined && last.key === key) last.ids.push(place.id);
    else runs.push({ ids: [place.id], cpus: place.cpus, key, instead });
  }
  return runs.map(({ ids, cpus, instead }) => ({ thread: words(ids), cpus, instead }));
}

function placeCells(cpus: readonly number[] | null, tenancy: Tenancy, board: Board): Html {
  if (cpus === null) return html`<td colspan="4"></td>`;
  const places = cpus.flatMap((cpu) => board.placeOf.get(cpu) ?? []);
  const gone = goneText(cpus, board);
  if (places.length === 0) return html`<td colspan="4"><strong>${gone}</strong></td>`;
  const cores = [...new Set(places.map(({ core }) => core))];
  const cells = [...new Set(places.map(({ cell }) => cell))];
  const nodes = [...new Set(cells.map(({ node }) => node))];
  const [core] = cores;
  const kind = cores.length === 1 && core?.kind ? ` ${core.kind === 'efficiency' ? 'E' : 'P'}` : '';
  const where = cores.length === 1 ? `${core?.threads.join('+') ?? ''}${kind}` : coresText(cores);
  return html`<td>${where}${gone === '' ? null : html`; <strong>${gone}</strong>`}</td><td>${cellNames(cells)}</td><td>${nodes.includes(null) ? '–' : numbersText(nodes.flatMap((node) => node ?? []))}</td><td>${neighbourText(
    cpus,
    cores.flatMap(({ threads }) => threads),
    tenancy,
  )}</td>`;
}

function cellNames(cells: readonly BoardCell[]): string {
  if (cells.every((cell) => !hasCache(cell))) return '–';
  const names = cells.map(({ name, isLarge }) => `${name}${isLarge ? ' (large)' : ''}`);
  return names.length > 4 ? counted(names.length, 'cache') : names.join(', ');
}

/** Which of the CPUs nothing can run on; empty when none. */
function goneText(cpus: readonly number[], { placeOf, isOff }: Board): string {
  const off = cpus.filter((cpu) => isOff.has(cpu));
  const absent = cpus.filter((cpu) => !isOff.has(cpu) && !placeOf.has(cpu));
  return [off.length === 0 ? '' : offText(off), absent.length === 0 ? '' : absentText(absent)].filter((part) => part !== '').join(', ');
}

/** Who has the other threads of the cores that a pin names in part. */
function neighbourText(cpus: readonly number[], all: readonly number[], { byCpu }: Tenancy): string {
  const own = new Set(cpus);
  const others = all.filter((cpu) => !own.has(cpu));
  if (others.length === 0) return 'nobody';
  const tenants = others.flatMap((cpu) => byCpu.get(cpu) ?? []);
  const free = others.filter((cpu) => !byCpu.has(cpu));
  return `${cpusText(others)}: ${[...tenantWords(tenants), ...(free.length === 0 ? [] : ['not this VM'])].join(', ')}`;
}

/** What shares which cache, in words. */
export function cellTable(board: Board): Html {
  const shown = board.cells.slice(0, MOST_CELLS);
  return html`<div class="wide" tabindex="0" role="region" aria-label="Caches and cores">
<table class="cpu-table cpu-caches" aria-label="Caches and cores">
<thead><tr><th scope="col">Cores that share a cache</th><th scope="col">L3</th><th scope="col">Package</th><th scope="col">NUMA node</th><th scope="col">Cores</th><th scope="col">CPUs of each core</th></tr></thead>
<tbody>${shown.map((cell) => cellRow(cell, board))}
</tbody>
</table>
</div>
${board.cells.length > shown.length ? html`<p class="cpu-more">The table has the first ${MOST_CELLS} of ${board.cells.length} caches.</p>` : null}
${board.offline.length === 0 ? null : html`<p>Switched off: ${cpusText(board.offline)}.</p>`}`;
}

function cellRow(cell: BoardCell, { isStacked }: Board): Html {
  const { name, packageId, node, cores, isLarge } = cell;
  return html`
<tr><th scope="row">${name}</th><td>${cacheText(cell)}${isLarge ? ` (${largeText(isStacked)})` : ''}</td><td>${packageId}</td><td>${node ?? '–'}</td><td>${coresText(cores)}</td><td>${siblingsText(cores)}</td></tr>`;
}
