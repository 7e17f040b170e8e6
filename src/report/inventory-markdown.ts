import type { Inventory, InventoryDevice } from '../inventory/model.ts';
import { driverWords, groupWords, nameWords } from './device-words.ts';
import { escapeMarkdown, inlineCode } from './escape-markdown.ts';
import { overviewRows } from './inventory-overview.ts';
import { gigabytes, moduleWords } from './inventory-words.ts';

/** The hardware inventory as a document: `hardware_inventory.md`. */
export function renderInventoryMarkdown(inventory: Inventory): string {
  const { host, system, tool, takenAt } = inventory;
  const where = [system.distribution, system.kernel === null ? null : `kernel ${system.kernel}`].filter((part) => part !== null);
  const lines = [
    `# Hardware inventory${host === null ? '' : ` of ${escapeMarkdown(host)}`}`,
    '',
    escapeMarkdown([...where, ...(takenAt === null ? [] : [`looked at on ${takenAt}`]), `passcheck ${tool.version}`].join(' · ')),
    '',
    ...overview(inventory),
    ...moduleTable(inventory),
    ...diskTable(inventory),
    ...groupTable(inventory),
    ...hiddenList(inventory),
  ];
  return `${lines.join('\n')}\n`;
}

function overview(inventory: Inventory): string[] {
  return ['| | |', '|---|---|', ...overviewRows(inventory).map(({ name, words }) => `| ${name} | ${escapeMarkdown(words)} |`)];
}

function moduleTable({ memory: { modules, emptySlots } }: Inventory): string[] {
  if (modules === null) return [];
  const rows = modules.map((module) => `| ${moduleWords(module).map(escapeMarkdown).join(' | ')} |`);
  return [
    '',
    '## Memory modules',
    '',
    '| slot | size | type | speed | manufacturer | part |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    `Empty slots: ${emptySlots ?? 0}`,
  ];
}

function diskTable({ disks }: Inventory): string[] {
  if (disks === null || disks.length === 0) return [];
  const rows = disks.map(({ name, model, sizeBytes, kind, controller }) =>
    [inlineCode(name), escapeMarkdown(model ?? ''), gigabytes(sizeBytes), escapeMarkdown(kind ?? ''), inlineCode(controller ?? '')].join(
      ' | ',
    ),
  );
  return ['', '## Storage', '', '| disk | model | size | kind | controller |', '|---|---|---|---|---|', ...rows.map((row) => `| ${row} |`)];
}

/** Every PCI device with its group, by group; what shares a group stands together. */
function groupTable({ pciDevices, iommu }: Inventory): string[] {
  if (pciDevices === null) return [];
  const rows = [
    ...pciDevices.map((device) => ({ group: device.iommuGroup, address: device.address, row: deviceRow(device) })),
    ...(iommu?.others ?? []).map(({ group, name }) => ({
      group,
      address: name,
      row: `| ${escapeMarkdown(group)} | ${inlineCode(name)} | | no PCI device | | |`,
    })),
  ].toSorted((a, b) => groupNumber(a.group) - groupNumber(b.group) || compare(a.address, b.address));
  return [
    '',
    '## PCI devices by IOMMU group',
    '',
    ...(pciDevices.length === 0 ? ['There is no PCI device.'] : []),
    '| group | address | id | device | class | driver |',
    '|---|---|---|---|---|---|',
    ...rows.map(({ row }) => row),
  ];
}

function deviceRow(device: InventoryDevice): string {
  const { address, id, className } = device;
  const cells = [groupWords(device), null, null, nameWords(device), className, driverWords(device)].map((cell) =>
    escapeMarkdown(cell ?? ''),
  );
  return `| ${[cells[0], inlineCode(address), inlineCode(id), ...cells.slice(3)].join(' | ')} |`;
}

/** Without a group last. */
function groupNumber(group: string | null): number {
  const number = Number(group ?? Number.NaN);
  return Number.isNaN(number) ? Number.MAX_SAFE_INTEGER : number;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function hiddenList({ hidden }: Inventory): string[] {
  if (hidden.length === 0) return [];
  const rows = hidden.map(({ part, source, reason, hint }) => {
    const advice = hint === null ? '' : `; ${escapeMarkdown(hint)}`;
    return `- ${escapeMarkdown(part)}: ${inlineCode(source)}: ${escapeMarkdown(reason)}${advice}`;
  });
  return ['', '## What could not be looked at', '', ...rows];
}
