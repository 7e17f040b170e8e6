import { counted } from '../../pinning/words.ts';
import { cpuWords } from '../inventory-words.ts';
import type { Machine, MachineVm } from '../machine.ts';
import type { Report } from '../model.ts';
import { vmWords } from '../vm-words.ts';
import { shorten } from '../wrap.ts';
import { type Board, boardOf } from '../cpu-board.ts';
import { factsOf } from '../cpu-facts.ts';
import { placedGpus } from '../cpu-gpus.ts';
import { cpuFigure } from './cpu-figure.ts';
import { cellTable, placeTable } from './cpu-tables.ts';
import { hasPins, tenancyOf } from '../cpu-tenants.ts';
import { html, type Html } from './markup.ts';
import type { Section } from './section.ts';

/** A page has no more pictures than these, and fewer of large processors: this many CPUs together, or one picture. */
const MOST_PICTURES = 4;
const MOST_BOXES = 512;
/** A host has fewer VMs that it was judged for. */
const MOST_VMS = 32;
/** Rows of all tables about VMs together, and of one. */
const MOST_ROWS = 640;
const MOST_ROWS_OF_ONE = 128;

/** The processors and who has which CPU: a picture for each VM with pins, and the same in tables. */
export function cpuSection({ machine }: Report): Section | null {
  if (machine === undefined) return null;
  const { inventory, vms } = machine;
  if (inventory.cpu === null && vms.length === 0) return null;
  const board = inventory.cpu === null ? null : boardOf(inventory.cpu);
  const shown = vms.slice(0, MOST_VMS);
  const pinned = shown.flatMap((vm, index) => (hasPins(vm) ? [index] : []));
  const drawn = new Set(board === null ? [] : pinned.slice(0, pictureCount(board)));
  const rows = Math.min(MOST_ROWS_OF_ONE, Math.floor(MOST_ROWS / Math.max(1, pinned.length)));
  const body = html`${overview(machine, board)}
${board !== null && drawn.size === 0 ? cpuFigure(board, null, machine) : null}
${shown.map((vm, index) => vmPart(vm, { board, machine, number: index + 1, isDrawn: drawn.has(index), rows }))}
${vms.length > shown.length ? html`<p class="cpu-more">${counted(vms.length - shown.length, 'more VM')} in the JSON report.</p>` : null}
${board === null ? null : html`<h3>Cores and caches</h3>${cellTable(board)}`}`;
  return { id: 'cpu', title: 'CPU', body };
}

function pictureCount({ placeOf }: Board): number {
  return Math.min(MOST_PICTURES, Math.max(1, Math.floor(MOST_BOXES / placeOf.size)));
}

function overview({ inventory: { cpu, hidden }, vms }: Machine, board: Board | null): Html {
  const words = cpu === null ? null : html`<p>${shorten(cpuWords(cpu), 400)}</p>`;
  if (board !== null) return html`${words}${board.notes.map((note) => html`<p class="cpu-odd">${note}</p>`)}`;
  const what = cpu === null ? 'CPU' : 'cores and caches';
  const part = hidden.find((one) => one.part === what);
  const why = part === undefined ? '' : `: ${shorten(part.source, 120)}: ${shorten(part.reason, 200)}`;
  const so = vms.length === 0 ? '' : ' So it is not known what these CPUs are.';
  return html`${words}<p class="cpu-odd">The ${what} could not be looked at${why}.${so}</p>`;
}

interface VmRequest {
  readonly board: Board | null;
  readonly machine: Machine;
  /** From 1, in the order of the report. */
  readonly number: number;
  readonly isDrawn: boolean;
  /** How many its table may have. */
  readonly rows: number;
}

function vmPart(vm: MachineVm, { board, machine, number, isDrawn, rows }: VmRequest): Html {
  const tenancy = tenancyOf(vm);
  const gpus = placedGpus(machine, vm);
  const facts = factsOf(vm, tenancy, board, gpus);
  return html`<h3>${machine.vms.length > 1 ? `#${number} ` : ''}${shorten(vm.name, 110)}</h3>
<p class="cpu-vm">${vmWords(vm)}</p>
<ul class="cpu-facts">${facts.map(({ text, isOdd }) => html`<li${isOdd ? html` class="cpu-odd"` : null}>${text}</li>`)}</ul>
${isDrawn && board !== null ? cpuFigure(board, { number, name: vm.name, tenancy, facts, gpus }, machine) : null}
${!isDrawn && hasPins(vm) && board !== null ? html`<p class="cpu-more">Only the first VMs are drawn; the table says the same of this one.</p>` : null}
${hasPins(vm) ? placeTable(vm, tenancy, { board, number, most: rows }) : null}`;
}
