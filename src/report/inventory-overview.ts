import type { Inventory, InventoryDevice, InventoryGpu } from '../inventory/model.ts';
import { driverWords, groupWords, nameWords, UNSEEN } from './device-words.ts';
import { boardWords, cpuWords, firmwareWords, gigabytes, memoryWords } from './inventory-words.ts';

/** One line about a machine. Of the parts `gpu` and `storage` a table can say more. */
export interface OverviewRow {
  readonly part: 'board' | 'gpu' | 'memory' | 'storage' | 'iommu';
  readonly name: string;
  readonly words: string;
}

/** The machine in a few lines; what could not be looked at says so. */
export function overviewRows({ cpu, board, firmware, memory, gpus, disks, pciDevices, iommu }: Inventory): OverviewRow[] {
  return [
    { part: 'board', name: 'CPU', words: cpu === null ? UNSEEN : cpuWords(cpu) },
    { part: 'board', name: 'Board', words: board === null ? UNSEEN : boardWords(board) },
    { part: 'board', name: 'Firmware', words: firmware === null ? UNSEEN : firmwareWords(firmware) },
    ...gpuRows(gpus),
    { part: 'memory', name: 'Memory', words: memoryWords(memory) },
    { part: 'storage', name: 'Storage', words: disks === null ? UNSEEN : diskWords(disks) },
    { part: 'iommu', name: 'IOMMU', words: iommu === null ? groupsOf(pciDevices ?? []) : iommuWords(iommu) },
  ];
}

function diskWords(disks: NonNullable<Inventory['disks']>): string {
  // A drive without a medium stands in the table of the disks only.
  const withSize = disks.filter(({ sizeBytes }) => sizeBytes !== 0);
  const words = withSize.map(({ name, model, sizeBytes }) =>
    [name, model ?? '', gigabytes(sizeBytes)].filter((part) => part !== '').join(' '),
  );
  return words.length === 0 ? 'none' : words.join('; ');
}

/** What a GPU is called, by where it sits. */
export const GPU_KINDS: Readonly<Record<InventoryGpu['kind'], string>> = {
  integrated: 'iGPU',
  discrete: 'dGPU',
  management: 'Management display',
  'virtual-function': 'GPU, virtual function',
};

function gpuRows(gpus: readonly InventoryGpu[] | null): OverviewRow[] {
  if (gpus === null || gpus.length === 0) return [{ part: 'gpu', name: 'GPU', words: gpus === null ? UNSEEN : 'none' }];
  return sortedGpus(gpus).map((gpu) => ({ part: 'gpu', name: GPU_KINDS[gpu.kind], words: gpuWords(gpu) }));
}

const KIND_ORDER: readonly InventoryGpu['kind'][] = ['integrated', 'discrete', 'virtual-function', 'management'];

/** By kind: that of the processor first. */
export function sortedGpus(gpus: readonly InventoryGpu[]): InventoryGpu[] {
  return gpus.toSorted((a, b) => KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind));
}

function gpuWords(gpu: InventoryGpu): string {
  return [
    [gpu.address, nameWords(gpu), `[${gpu.id}]`].filter((part) => part !== '').join(' '),
    `driver ${driverWords(gpu)}`,
    `IOMMU group ${groupWords(gpu)}`,
    ...gpuMarks(gpu),
  ].join(', ');
}

/** `passed through`, `likely GPU`, `boot display` */
export function gpuMarks({ isPassedThrough, isLikely, isBootDisplay }: InventoryGpu): string[] {
  return [...(isPassedThrough ? ['passed through'] : []), ...(isLikely ? ['likely GPU'] : []), ...(isBootDisplay ? ['boot display'] : [])];
}

/** `dmar0: 21 groups`, `not in force` */
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
