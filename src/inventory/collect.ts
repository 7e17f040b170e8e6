import type { FactStore } from '../engine/fact-store.ts';
import type { Attempt } from '../facts/fact.ts';
import { recordedAdvice, saysNotRecorded } from '../recorded-advice.ts';
import { PCI_IDS_FILES } from '../facts/pci-names.ts';
import { facts, type FactValues } from '../facts/registry.ts';
import { describeBoard, describeCpu, describeFirmware, describeMemory } from './describe-board.ts';
import { describeDevices, describeGpus, describeIommu } from './describe-devices.ts';
import { describeDisks } from './describe-disks.ts';
import type { HiddenPart, Inventory } from './model.ts';

const NAMES = [
  'hostSummary',
  'platform',
  'kernel',
  'cpu',
  'cpuTopology',
  'board',
  'bootSecurity',
  'memory',
  'memoryModules',
  'numaNodes',
  'disks',
  'pciDevices',
  'pciNames',
  'iommu',
  'passthrough',
] as const;

/** What the inventory is made of: each fact, or why it could not be had. */
export type InventoryFacts = { readonly [Name in (typeof NAMES)[number]]: Attempt<FactValues[Name]> };

/** Collects the facts that the inventory is made of. */
export async function collectInventoryFacts(store: FactStore): Promise<InventoryFacts> {
  const attempts = await Promise.all(NAMES.map(async (name) => [name, await store.get<unknown>(facts[name])] as const));
  // The store answers each name with an attempt at the fact of that name.
  return Object.fromEntries(attempts) as InventoryFacts;
}

/** Who looked, when, and whether at a recorded host. */
export interface Taking {
  readonly version: string;
  /** ISO 8601; null when the recording does not say. */
  readonly takenAt: string | null;
  readonly isRecorded: boolean;
}

/** Makes the inventory of what could be had; what could not is listed as hidden. */
export function toInventory(given: InventoryFacts, { version, takenAt, isRecorded }: Taking): Inventory {
  const devices = describeDevices(given);
  const disks = describeDisks(given);
  const firmware = describeFirmware(given);
  return {
    schema: 1,
    tool: { name: 'passcheck', version },
    host: valueOf(given.hostSummary)?.hostname ?? null,
    system: { distribution: valueOf(given.platform)?.name ?? null, kernel: valueOf(given.kernel)?.release ?? null },
    takenAt,
    cpu: describeCpu(given),
    board: describeBoard(given),
    firmware: firmware.value,
    memory: describeMemory(given),
    gpus: describeGpus(given),
    disks,
    pciDevices: devices,
    iommu: describeIommu(given),
    hidden: [...hiddenFacts(given), ...firmware.hidden, ...missingNames(given), ...hiddenFields(devices ?? [])].map((part) =>
      isRecorded ? inRecording(part) : part,
    ),
  };
}

const PARTS: readonly (readonly [keyof InventoryFacts, string])[] = [
  ['cpu', 'CPU'],
  ['cpuTopology', 'cores and caches'],
  ['board', 'board and firmware'],
  ['bootSecurity', 'how it was booted'],
  ['memory', 'size of the memory'],
  ['memoryModules', 'memory modules'],
  ['disks', 'storage'],
  ['pciDevices', 'PCI devices'],
  ['iommu', 'IOMMU groups'],
  ['passthrough', 'which GPU is passed through'],
];

function hiddenFacts(given: InventoryFacts): HiddenPart[] {
  return PARTS.flatMap(([name, part]) => {
    const attempt = given[name];
    if (attempt.ok) return [];
    const { source, reason, hint } = attempt.error;
    return [{ part, source, reason, hint: hint ?? null }];
  });
}

const FIELDS: Readonly<Record<string, string>> = { iommuGroup: 'IOMMU group' };

const NO_NAMES = 'no pci.ids is there';

/** The fact is empty where no pci.ids can be read, because names decide nothing; in an inventory they are missed. */
function missingNames({ pciNames, pciDevices }: InventoryFacts): HiddenPart[] {
  if (!pciNames.ok || pciNames.value.size > 0 || !pciDevices.ok || pciDevices.value.length === 0) return [];
  const [source] = PCI_IDS_FILES;
  return [{ part: 'names of PCI devices', source, reason: NO_NAMES, hint: 'install hwdata or pciutils' }];
}

/** One part for each field, however many devices hide it. */
function hiddenFields(devices: readonly { readonly address: string; readonly unknown?: readonly string[] }[]): HiddenPart[] {
  const fields = [...new Set(devices.flatMap(({ unknown = [] }) => unknown))];
  return fields.map((field) => {
    const addresses = devices.flatMap(({ address, unknown = [] }) => (unknown.includes(field) ? [address] : []));
    const [first = ''] = addresses;
    const isOne = addresses.length === 1;
    return {
      part: `${FIELDS[field] ?? field} of ${isOne ? first : `${addresses.length} PCI devices`}`,
      source: `/sys/bus/pci/devices/${isOne ? first : '*'}`,
      reason: 'could not be looked at',
      hint: null,
    };
  });
}

/** Nothing can be tried at a recording, and that it does not hold something is said once. */
function inRecording(hidden: HiddenPart): HiddenPart {
  const { hint, reason } = hidden;
  if (hint === null) return hidden;
  return { ...hidden, hint: saysNotRecorded(reason) || reason === NO_NAMES ? null : recordedAdvice(hint, [reason]) };
}

function valueOf<T>(attempt: Attempt<T>): T | null {
  return attempt.ok ? attempt.value : null;
}
