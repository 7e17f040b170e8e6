import { counted, memoryWords } from '../../pinning/words.ts';
import { cpuWords } from '../inventory-words.ts';
import type { Machine, MachineVm } from '../machine.ts';
import type { Report } from '../model.ts';
import { shorten } from '../wrap.ts';
import { type Board, boardOf } from './cpu-board.ts';
import { crowdedGroups, factsOf } from './cpu-facts.ts';
import { cpuLegend } from './cpu-legend.ts';
import type { Marking } from './cpu-marks.ts';
import { cpuPicture } from './cpu-picture.ts';
import { cpuSummary, summaryRest } from './cpu-summary.ts';
import { cellTable, placeTable } from './cpu-tables.ts';
import { hasPins, type Tenancy, tenancyOf } from './cpu-tenants.ts';
import { cellTitle, cpusText, packageTitle } from './cpu-words.ts';
import { html, type Html } from './markup.ts';
import type { Section } from './section.ts';

/** Of a larger processor only the caches are drawn. */
const MOST_CPUS = 1024;
/** A page has no more pictures than these, and fewer of large processors: this many CPUs together, or one picture. */
const MOST_PICTURES = 4;
const MOST_BOXES = 512;
/** A host has fewer VMs that it was judged for. */
const MOST_VMS = 32;

/** The processors and who has which CPU: a picture for each VM with pins, and the same in tables. */
export function cpuSection({ machine }: Report): Section | null {
  if (machine === undefined) return null;
  const { inventory, vms } = machine;
  if (inventory.cpu === null && vms.length === 0) return null;
  const board = inventory.cpu === null ? null : boardOf(inventory.cpu);
  const shown = vms.slice(0, MOST_VMS);
  const drawn = board === null ? new Set<number>() : picturesFor(shown, board);
  const body = html`${overview(machine, board)}
${board !== null && drawn.size === 0 ? figure({ board, vm: null, machine, number: 1 }) : null}
${shown.map((vm, index) => vmPart({ vm, board, machine, number: index + 1 }, drawn.has(index)))}
${vms.length > shown.length ? html`<p class="cpu-more">${counted(vms.length - shown.length, 'more VM')} in the JSON report.</p>` : null}
${board === null ? null : html`<h3>Cores and caches</h3>${cellTable(board)}`}`;
  return { id: 'cpu', title: 'CPU', body };
}

/** The first VMs with pins, as long as there is room for their pictures. */
function picturesFor(vms: readonly MachineVm[], board: Board): ReadonlySet<number> {
  const each = board.placeOf.size;
  const count = Math.min(MOST_PICTURES, Math.max(1, Math.floor(MOST_BOXES / each)));
  return new Set(vms.flatMap((vm, index) => (hasPins(vm) ? [index] : [])).slice(0, count));
}

function overview({ inventory: { cpu, hidden } }: Machine, board: Board | null): Html {
  const notes = board?.notes ?? [];
  if (cpu !== null && board !== null) {
    return html`<p>${shorten(cpuWords(cpu), 400)}</p>${notes.map((note) => html`<p class="cpu-odd">${note}</p>`)}`;
  }
  const part = hidden.find((one) => one.part === (cpu === null ? 'CPU' : 'cores and caches'));
  const why = part === undefined ? '' : `: ${shorten(part.source, 120)}: ${shorten(part.reason, 200)}`;
  return html`${cpu === null ? null : html`<p>${shorten(cpuWords(cpu), 400)}</p>`}<p class="cpu-odd">The processor could not be looked at${why}. So it is not known what these CPUs are.</p>`;
}

interface VmRequest {
  readonly vm: MachineVm;
  readonly board: Board | null;
  readonly machine: Machine;
  /** From 1, in the order of the report. */
  readonly number: number;
}

function vmPart(request: VmRequest, isDrawn: boolean): Html {
  const { vm, board, number } = request;
  const tenancy = tenancyOf(vm);
  const facts = factsOf(vm, tenancy, board);
  return html`<h3>${request.machine.vms.length > 1 ? `#${number} ` : ''}${shorten(vm.name, 110)}</h3>
<p class="cpu-vm">${vmWords(vm)}</p>
<ul class="cpu-facts">${facts.map(({ text, isOdd }) => html`<li${isOdd ? html` class="cpu-odd"` : null}>${text}</li>`)}</ul>
${isDrawn && board !== null ? figure({ ...request, board }) : null}
${!isDrawn && hasPins(vm) && board !== null ? html`<p class="cpu-more">Only the first VMs are drawn; the table says the same of this one.</p>` : null}
${hasPins(vm) ? placeTable(vm, tenancy, { board, number }) : null}`;
}

function vmWords({ vcpus, memoryKiB, devices }: MachineVm): string {
  const parts = [
    counted(vcpus, 'vCPU'),
    memoryKiB === null ? 'memory not known' : `${memoryWords(memoryKiB)} of memory`,
    devices.length === 0 ? 'no PCI device passed through' : `${counted(devices.length, 'PCI device')} passed through`,
  ];
  return parts.join(' · ');
}

interface FigureRequest extends Omit<VmRequest, 'vm' | 'board'> {
  readonly vm: MachineVm | null;
  readonly board: Board;
}

function figure({ vm, board, machine: { inventory, vms }, number }: FigureRequest): Html {
  const tenancy = vm === null ? null : tenancyOf(vm);
  const crowded = new Set(tenancy === null ? [] : crowdedGroups(tenancy, board));
  const marking: Marking = { tenancy, crowded, others: vm === null ? new Map() : othersBeside(vm, vms) };
  const absent = tenancy === null ? [] : absentOf(tenancy, board);
  const title =
    vm === null ? `The processors of ${inventory.host ?? 'the host'}` : `Where ${vm.name} runs on ${inventory.host ?? 'the host'}`;
  const request = { board, marking, absent, id: `cpu-${number}`, title: shorten(title, 160), description: description(vm, tenancy, board) };
  const isLarge = board.placeOf.size > MOST_CPUS;
  return html`<figure class="cpu-figure">
<div class="wide" tabindex="0" role="region" aria-label="Picture ${number}: ${shorten(title, 80)}">
${isLarge ? cpuSummary(request) : cpuPicture(request)}
</div>
<figcaption>${isLarge ? html`<p>More than ${MOST_CPUS} CPUs: the picture has a frame for each cache. ${summaryRest(board)}</p>` : cpuLegend({ board, marking, absent, names: vms.map(({ name }) => name) })}</figcaption>
</figure>`;
}

/** By CPU the numbers of the other VMs that have a vCPU pinned to it. */
function othersBeside(vm: MachineVm, vms: readonly MachineVm[]): ReadonlyMap<number, readonly number[]> {
  const others = new Map<number, number[]>();
  for (const [index, other] of vms.slice(0, MOST_VMS).entries()) {
    if (other === vm) continue;
    for (const cpu of new Set(other.pins.vcpus.flatMap(({ cpus }) => cpus ?? []))) {
      const numbers = others.get(cpu);
      if (numbers === undefined) others.set(cpu, [index + 1]);
      else numbers.push(index + 1);
    }
  }
  return others;
}

function absentOf({ byCpu }: Tenancy, { placeOf, isOff }: Board): readonly number[] {
  return [...byCpu.keys()].filter((cpu) => !placeOf.has(cpu) && !isOff.has(cpu)).toSorted((a, b) => a - b);
}

/** The picture for whoever does not see it; all of it is in the tables. */
function description(vm: MachineVm | null, tenancy: Tenancy | null, board: Board): string {
  const packages = board.packages.slice(0, 8).map((one) => {
    const cells = one.cells.slice(0, 16).map((cell) => {
      const cpus = cell.cores.flatMap(({ threads }) => threads);
      return `${cellTitle(cell, board, true)}: ${cpusText(cpus)}`;
    });
    return `${packageTitle(one)}. ${cells.join('. ')}.`;
  });
  const facts = vm === null || tenancy === null ? [] : factsOf(vm, tenancy, board).map(({ text }) => text);
  return shorten([...facts, ...packages].join(' '), 4000);
}
