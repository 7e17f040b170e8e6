import { type Board, boardOf } from './cpu-board.ts';
import { factsOf } from './cpu-facts.ts';
import { CELL_HEADS, cellWords, type ThreadPlace, threadPlaces } from './cpu-places.ts';
import { placedGpus } from './cpu-gpus.ts';
import { hasPins, tenancyOf } from './cpu-tenants.ts';
import { cpusText } from './cpu-words.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { cpuWords } from './inventory-words.ts';
import type { Machine, MachineVm } from './machine.ts';
import type { Report } from './model.ts';
import { vmWords } from './vm-words.ts';
import { shorten } from './wrap.ts';

const MOST_VMS = 32;
const MOST_ROWS = 128;

/** The processors and which CPUs the VMs have, as lists and tables. */
export function cpuMarkdown({ machine }: Report): string[] {
  if (machine === undefined) return [];
  const { inventory, vms } = machine;
  if (inventory.cpu === null && vms.length === 0) return [];
  const board = inventory.cpu === null ? null : boardOf(inventory.cpu);
  const shown = vms.slice(0, MOST_VMS);
  return [
    '',
    '## CPU',
    ...(inventory.cpu === null ? [] : ['', escapeMarkdown(cpuWords(inventory.cpu))]),
    ...(board === null ? ['', 'How the CPUs hang together could not be looked at.'] : cellsOf(board)),
    ...shown.flatMap((vm) => vmOf(vm, board, machine)),
    ...(vms.length > shown.length ? ['', `${vms.length - shown.length} more VMs are in the JSON report.`] : []),
  ];
}

function cellsOf(board: Board): string[] {
  return [
    ...board.notes.flatMap((note) => ['', escapeMarkdown(note)]),
    ...tableOf(
      CELL_HEADS,
      board.cells.slice(0, MOST_ROWS).map((cell) => cellWords(cell, board)),
    ),
    ...leftOut(board.cells.length, 'caches'),
    ...(board.offline.length === 0 ? [] : ['', `Switched off: ${cpusText(board.offline)}`]),
  ];
}

function vmOf(vm: MachineVm, board: Board | null, machine: Machine): string[] {
  const tenancy = tenancyOf(vm);
  const facts = factsOf(vm, tenancy, board, placedGpus(machine, vm)).map(({ text, isOdd }) =>
    isOdd ? `- **${escapeMarkdown(text)}**` : `- ${escapeMarkdown(text)}`,
  );
  const head = ['', `### ${escapeMarkdown(shorten(vm.name, 110))}`, '', vmWords(vm), '', ...facts];
  if (!hasPins(vm)) return head;
  const { rows, total } = threadPlaces(vm, tenancy, { board, most: MOST_ROWS });
  const heads = board === null ? PLACE_HEADS.slice(0, 2) : PLACE_HEADS;
  return [
    ...head,
    ...tableOf(
      heads,
      rows.map((row) => placeWords(row).slice(0, heads.length)),
    ),
    ...leftOut(total, 'rows'),
  ];
}

const PLACE_HEADS = ['Thread', 'Host CPUs', 'Core (its CPUs)', 'L3 cache', 'NUMA node', 'Shares its core with'] as const;

function placeWords({ thread, cpus, core, gone, cache, node, neighbours }: ThreadPlace): readonly string[] {
  return [thread, cpus, [core, gone].filter((part) => part !== '').join('; '), cache, node, neighbours];
}

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [
    '',
    `| ${heads.join(' | ')} |`,
    `|${'---|'.repeat(heads.length)}`,
    ...rows.map((row) => `| ${row.map(escapeMarkdown).join(' | ')} |`),
  ];
}

function leftOut(total: number, things: string): string[] {
  return total > MOST_ROWS ? ['', `The table has the first ${MOST_ROWS} of ${total} ${things}.`] : [];
}
