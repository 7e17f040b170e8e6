import { ABSENT, mapReading, ok, type Reading, unreadable } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { type DmarTable, parseDmarTable } from './dmar-table.ts';
import { defineFact } from './fact.ts';
import { PCI_ADDRESS } from './pci-devices.ts';
import { optionalList, readAttribute, readText, valueOrNull } from './read.ts';

/** A range of bus addresses that the IOMMU driver reserved in a group. */
export interface ReservedRegion {
  readonly start: bigint;
  readonly end: bigint;
  /** `direct` (RMRR), `direct-relaxable`, `reserved` or `msi`. */
  readonly type: string;
}

export interface IommuGroup {
  readonly id: string;
  /** Names as in /sys; not every one is a PCI address (ACPI and platform devices). Sorted. */
  readonly devices: readonly string[];
  /** The drivers of those members that are no PCI devices, by name. Absent: no driver is bound. */
  readonly otherDrivers: Readonly<Record<string, Reading<string>>>;
  /** The default domain's type: `DMA`, `DMA-FQ`, `identity` …; absent before kernel 5.11. `identity` is not "off". */
  readonly type: Reading<string>;
  /** `vfio-noiommu` for a group without any IOMMU behind it; absent for most groups. */
  readonly name: Reading<string>;
  readonly reservedRegions: Reading<readonly ReservedRegion[]>;
}

export type IommuTable = 'DMAR' | 'IVRS' | 'IORT' | 'VIOT';

/** What is in force, from the kernel's own state. */
export interface Iommu {
  /** Driver instances: `dmar0` (Intel), `ivhd0` (AMD), `smmu3.*`, `virtio-iommu*`. */
  readonly instances: readonly string[];
  readonly groups: readonly IommuGroup[];
  /**
   * Firmware tables that describe an IOMMU; an empty list when the firmware has none. Root is not needed to see that they
   * exist. Unreadable where no ACPI table shows at all, because then nothing can be said (containers hide the folder).
   */
  readonly firmwareTables: Reading<readonly IommuTable[]>;
  /** Absent: no such table. Only root can read it. */
  readonly dmar: Reading<DmarTable>;
  /** Can every Intel unit remap interrupts (ecap bit 3)? Null when there is none, or it could not be seen. */
  readonly intelCanRemapInterrupts: boolean | null;
}

const GROUPS = '/sys/kernel/iommu_groups';
const INSTANCES = '/sys/class/iommu';
export const ACPI_TABLES = '/sys/firmware/acpi/tables';
const TABLES: readonly string[] = ['DMAR', 'IVRS', 'IORT', 'VIOT'];

/** Firmware tables, driver instances and groups: the evidence ladder of "is the IOMMU on?". */
export const iommu = defineFact({
  id: 'iommu',
  collect(host): Iommu {
    const instances = optionalList(host, INSTANCES);
    const firmwareTables = readTableNames(host);
    return {
      instances,
      groups: optionalList(host, GROUPS)
        .filter((name) => /^\d+$/.test(name))
        .toSorted((a, b) => Number(a) - Number(b))
        .map((id) => readGroup(host, id)),
      firmwareTables,
      dmar: readDmar(host, firmwareTables),
      intelCanRemapInterrupts: canRemapInterrupts(host, instances),
    };
  },
});

/** Every ACPI machine has a FACP: where not even that shows, the tables are hidden, not absent. */
function readTableNames(host: HostSource): Reading<readonly IommuTable[]> {
  const names = host.list(ACPI_TABLES);
  if (names.state === 'unreadable') return names;
  const found = names.state === 'ok' ? names.value.filter(isIommuTable) : [];
  const isVisible = found.length > 0 || (names.state === 'ok' && names.value.includes('FACP'));
  return isVisible ? ok(found) : unreadable('failed', 'no ACPI table shows there at all');
}

function isIommuTable(name: string): name is IommuTable {
  return TABLES.includes(name);
}

function readDmar(host: HostSource, tables: Reading<readonly IommuTable[]>): Reading<DmarTable> {
  if (tables.state !== 'ok') return tables;
  if (!tables.value.includes('DMAR')) return ABSENT;
  const bytes = host.read(`${ACPI_TABLES}/DMAR`);
  if (bytes.state !== 'ok') return bytes;
  const table = parseDmarTable(bytes.value);
  return table === null ? unreadable('failed', 'no DMAR table') : ok(table);
}

function canRemapInterrupts(host: HostSource, instances: readonly string[]): boolean | null {
  const capabilities = instances
    .filter((name) => name.startsWith('dmar'))
    .map((name) => valueOrNull(readAttribute(host, `${INSTANCES}/${name}/intel-iommu/ecap`)));
  const values = capabilities.flatMap((text) => (text !== null && /^[0-9a-f]{1,16}$/i.test(text) ? [BigInt(`0x${text}`)] : []));
  if (values.length === 0 || values.length < capabilities.length) return null;
  return values.every((value) => (value & 8n) !== 0n);
}

function readGroup(host: HostSource, id: string): IommuGroup {
  const folder = `${GROUPS}/${id}`;
  const devices = optionalList(host, `${folder}/devices`);
  const others = devices.filter((name) => !PCI_ADDRESS.test(name));
  return {
    id,
    devices,
    otherDrivers: Object.fromEntries(others.map((name) => [name, mapReading(host.link(`${folder}/devices/${name}/driver`), baseName)])),
    type: readAttribute(host, `${folder}/type`),
    name: readAttribute(host, `${folder}/name`),
    reservedRegions: mapReading(readText(host, `${folder}/reserved_regions`), parseReservedRegions),
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Lines `0x%016llx 0x%016llx <type>`. https://docs.kernel.org/admin-guide/abi-testing.html (sysfs-kernel-iommu_groups) */
export function parseReservedRegions(text: string): ReservedRegion[] {
  return text.split('\n').flatMap((line) => {
    const match = /^0x([0-9a-f]{1,16}) 0x([0-9a-f]{1,16}) (\S+)$/.exec(line.trim());
    return match ? [{ start: BigInt(`0x${match[1]}`), end: BigInt(`0x${match[2]}`), type: match[3] ?? '' }] : [];
  });
}

/** A group that VFIO made up in its no-IOMMU mode: nothing is translated there. */
export function isNoIommuGroup({ name }: IommuGroup): boolean {
  return name.state === 'ok' && name.value === 'vfio-noiommu';
}

/** Does an IOMMU driver run, and did it put devices into groups? */
export function isIommuInForce({ instances, groups }: Iommu): boolean {
  return instances.length > 0 && groups.some((group) => !isNoIommuGroup(group));
}

/** Who made the IOMMU, from its driver or else from the firmware's table; null for others and when neither shows. */
export function iommuVendor({ instances, firmwareTables }: Iommu): 'intel' | 'amd' | null {
  const tables = firmwareTables.state === 'ok' ? firmwareTables.value : [];
  if (instances.some((name) => name.startsWith('dmar')) || (instances.length === 0 && tables.includes('DMAR'))) return 'intel';
  if (instances.some((name) => name.startsWith('ivhd')) || (instances.length === 0 && tables.includes('IVRS'))) return 'amd';
  return null;
}
