import type { Board } from '../cpu-board.ts';
import { CELL_HEADS, cellWords, type ThreadPlace, threadPlaces } from '../cpu-places.ts';
import type { Tenancy } from '../cpu-tenants.ts';
import { cpusText } from '../cpu-words.ts';
import type { MachineVm } from '../machine.ts';
import { shorten } from '../wrap.ts';
import { html, type Html } from './markup.ts';

/** More rows than these nobody reads. */
const MOST_CELLS = 128;

interface TableRequest {
  readonly board: Board | null;
  /** Of the VM. */
  readonly number: number;
  /** How many rows it may have. */
  readonly most: number;
}

/** Where each thread of a VM runs: what the picture shows. */
export function placeTable(vm: MachineVm, tenancy: Tenancy, { board, number, most }: TableRequest): Html {
  const { rows, total } = threadPlaces(vm, tenancy, { board, most });
  const name = shorten(vm.name, 110);
  return html`<div class="wide" tabindex="0" role="region" aria-label="Table ${number}: threads of ${name}">
<table class="cpu-table">
<caption>Threads of ${name}</caption>
<thead><tr><th scope="col">Thread</th><th scope="col">Host CPUs</th>${board === null ? null : PLACE_HEADS}</tr></thead>
<tbody>${rows.map(
    (row) => html`
<tr><th scope="row">${row.thread}</th><td>${row.cpus}</td>${board === null ? null : placeCells(row)}</tr>`,
  )}
</tbody>
</table>
</div>
${total > rows.length ? html`<p class="cpu-more">The table has the first ${rows.length} of ${total} rows; the JSON report has all.</p>` : null}`;
}

const PLACE_HEADS = html`<th scope="col">Core (its CPUs)</th><th scope="col">L3 cache</th><th scope="col">NUMA node</th><th scope="col">Shares its core with</th>`;

function placeCells({ core, gone, cache, node, neighbours }: ThreadPlace): Html {
  const strong = gone === '' ? null : html`<strong>${gone}</strong>`;
  if (core === '') return html`<td colspan="4">${strong}</td>`;
  return html`<td>${core}${strong === null ? null : html`; ${strong}`}</td><td>${cache}</td><td>${node}</td><td>${neighbours}</td>`;
}

/** What shares which cache, in words. */
export function cellTable(board: Board): Html {
  const shown = board.cells.slice(0, MOST_CELLS).map((cell) => cellWords(cell, board));
  return html`<div class="wide" tabindex="0" role="region" aria-label="Caches and cores">
<table class="cpu-table cpu-caches" aria-label="Caches and cores">
<thead><tr>${CELL_HEADS.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${shown.map(
    ([name = '', ...words]) => html`
<tr><th scope="row">${name}</th>${words.map((text) => html`<td>${text}</td>`)}</tr>`,
  )}
</tbody>
</table>
</div>
${board.cells.length > shown.length ? html`<p class="cpu-more">The table has the first ${MOST_CELLS} of ${board.cells.length} caches.</p>` : null}
${board.offline.length === 0 ? null : html`<p>Switched off: ${cpusText(board.offline)}.</p>`}`;
}
