import type { Inventory, InventoryDevice, InventoryGpu } from '../inventory/model.ts';
import { escapeMarkdown, inlineCode } from './escape-markdown.ts';
import { boardWords, cpuWords, firmwareWords, gigabytes, memoryWords, moduleWords } from './inventory-words.ts';

const UNSEEN = '(could not be looked at)';

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

function overview({ cpu, board, firmware, memory, gpus, disks, pciDevices, iommu }: Inventory): string[] {
  const rows: (readonly [string, string])[] = [
    ['CPU', cpu === null ? UNSEEN : cpuWords(cpu)],
    ['Board', board === null ? UNSEEN : boardWords(board)],
    ['Firmware', firmware === null ? UNSEEN : firmwareWords(firmware)],
    ...gpuRows(gpus),
    ['Memory', memoryWords(memory)],
    ['Storage', disks === null ? UNSEEN : diskWords(disks)],
    ['IOMMU', iommu === null ? groupsOf(pciDevices ?? []) : iommuWords(iommu)],
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${escapeMarkdown(value)} |`)];
}

function diskWords(disks: NonNullable<Inventory['disks']>): string {
  // A drive without a medium stands in the table below only.
  const withSize = disks.filter(({ sizeBytes }) => sizeBytes !== 0);
  const words = withSize.map(({ name, model, sizeBytes }) =>
    [name, model ?? '', gigabytes(sizeBytes)].filter((part) => part !== '').join(' '),
  );
  return words.length === 0 ? 'none' : words.join('; ');
}

const KINDS: Readonly<Record<InventoryGpu['kind'], string>> = {
  integrated: 'iGPU',
  discrete: 'dGPU',
  management: 'Management display',
  'virtual-function': 'GPU, virtual function',
};

function gpuRows(gpus: readonly InventoryGpu[] | null): (readonly [string, string])[] {
  if (gpus === null) return [['GPU', UNSEEN]];
  if (gpus.length === 0) return [['GPU', 'none']];
  return gpus.toSorted((a, b) => KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind)).map((gpu) => [KINDS[gpu.kind], gpuWords(gpu)]);
}

const KIND_ORDER: readonly InventoryGpu['kind'][] = ['integrated', 'discrete', 'virtual-function', 'management'];

function gpuWords(gpu: InventoryGpu): string {
  return [
    [gpu.address, nameWords(gpu), `[${gpu.id}]`].filter((part) => part !== '').join(' '),
    `driver ${driverWords(gpu)}`,
    `IOMMU group ${groupWords(gpu)}`,
    ...(gpu.isPassedThrough ? ['passed through'] : []),
    ...(gpu.isLikely ? ['likely GPU'] : []),
    ...(gpu.isBootDisplay ? ['boot display'] : []),
  ].join(', ');
}

function iommuWords({ instances, groups }: NonNullable<Inventory['iommu']>): string {
  return instances.length === 0 ? 'not in force' : `${instances.join(', ')}: ${groupCount(groups)}`;
}

/** The devices tell their groups also where the IOMMU itself was not seen. */
function groupsOf(devices: readonly InventoryDevice[]): string {
  const groups = new Set(devices.flatMap(({ iommuGroup }) => iommuGroup ?? []));
  return groups.size === 0 ? UNSEEN : `${groupCount(groups.size)} with PCI devices, unit ${UNSEEN}`;
}

function groupCount(groups: number): string {
  return groups === 1 ? '1 group' : `${groups} groups`;
}

/** Where pci.ids does not know a device, its name is its id, which stands beside it. */
function nameWords({ name, id }: InventoryDevice): string {
  return name === id || name.endsWith(` ${id}`) ? name.slice(0, -id.length).trimEnd() : name;
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

function driverWords({ driver, unknown = [] }: InventoryDevice): string {
  return unknown.includes('driver') ? UNSEEN : (driver ?? 'none');
}

function groupWords({ iommuGroup, unknown = [] }: InventoryDevice): string {
  return unknown.includes('iommuGroup') ? UNSEEN : (iommuGroup ?? 'none');
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
