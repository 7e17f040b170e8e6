import type { HiddenPart, Inventory, InventoryGpu } from '../../inventory/model.ts';
import { driverWords, groupWords, shownName } from '../device-words.ts';
import { GPU_KINDS, gpuMarks, overviewRows, sortedGpus } from '../inventory-overview.ts';
import { gigabytes, moduleWords } from '../inventory-words.ts';
import type { Report } from '../model.ts';
import { html, type Html } from './markup.ts';
import { MACHINE_ANCHORS } from './part-anchors.ts';
import type { Section } from './section.ts';

/** What is built into the machine, and what of it could not be seen. */
export function inventorySection({ machine }: Report): Section | null {
  if (machine === undefined) return null;
  const { inventory } = machine;
  const body = html`${overview(inventory)}${gpuTable(inventory)}${moduleTable(inventory)}${diskTable(inventory)}${hiddenList(inventory.hidden)}`;
  return { id: 'inventory', title: 'Inventory', body };
}

/** What a table below says better is left to it. */
function overview(inventory: Inventory): Html {
  const { gpus, disks } = inventory;
  const tabled = new Set([
    ...(gpus === null || gpus.length === 0 ? [] : ['gpu']),
    ...(disks === null || disks.length === 0 ? [] : ['storage']),
  ]);
  const rows = overviewRows(inventory).filter(({ part }) => !tabled.has(part));
  return html`<table class="overview" id="${MACHINE_ANCHORS.parts}" aria-label="The machine"><tbody>
${rows.map(({ name, words }) => html`<tr><th scope="row">${name}</th><td>${words}</td></tr>\n`)}</tbody></table>
`;
}

function gpuTable({ gpus }: Inventory): Html | null {
  if (gpus === null || gpus.length === 0) return null;
  return table('gpus', 'Graphics', ['Address', 'Kind', 'Name', 'Id', 'Driver', 'Group', 'Remarks'], sortedGpus(gpus).map(gpuCells));
}

function gpuCells(gpu: InventoryGpu): string[] {
  return [gpu.address, GPU_KINDS[gpu.kind], shownName(gpu), gpu.id, driverWords(gpu), groupWords(gpu), gpuMarks(gpu).join(', ')];
}

function moduleTable({ memory: { modules, emptySlots } }: Inventory): Html | null {
  if (modules === null || modules.length === 0) return null;
  const empty = emptySlots === null || emptySlots === 0 ? '' : ` (${emptySlots} empty ${emptySlots === 1 ? 'slot' : 'slots'} beside them)`;
  return table('modules', `Memory modules${empty}`, ['Slot', 'Size', 'Type', 'Speed', 'Manufacturer', 'Part'], modules.map(moduleWords));
}

function diskTable({ disks }: Inventory): Html | null {
  if (disks === null || disks.length === 0) return null;
  const rows = disks.map(({ name, model, sizeBytes, kind, controller }) => [
    name,
    model ?? '',
    gigabytes(sizeBytes),
    kind ?? '',
    controller ?? '',
  ]);
  return table('disks', 'Storage', ['Disk', 'Model', 'Size', 'Kind', 'Controller'], rows);
}

function table(style: string, title: string, columns: readonly string[], rows: readonly (readonly string[])[]): Html {
  return html`<div class="wide"${style === 'gpus' ? html` id="${MACHINE_ANCHORS.graphics}"` : null} tabindex="0" role="region" aria-label="${title}">
<table class="parts ${style}"><caption>${title}</caption>
<thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(([first = '', ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody></table>
</div>
`;
}

function hiddenList(hidden: readonly HiddenPart[]): Html | null {
  if (hidden.length === 0) return null;
  return html`<h3>What could not be looked at</h3>
<ul class="unseen">
${hidden.map(({ part, source, reason, hint }) => html`<li><b>${part}</b>: <code>${source}</code>: ${reason}${hint === null ? null : html`<br>${hint}`}</li>\n`)}</ul>
`;
}
