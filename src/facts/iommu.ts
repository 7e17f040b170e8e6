import type { Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { optionalList, readAttribute, readText } from './read.ts';

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
  /** The default domain's type: `DMA`, `DMA-FQ`, `identity` …; absent before kernel 5.11. `identity` is not "off". */
  readonly type: Reading<string>;
  /** `vfio-noiommu` for a group without any IOMMU behind it. */
  readonly name: string | null;
  readonly reservedRegions: Reading<readonly ReservedRegion[]>;
}

/** What is in force, from the kernel's own state. */
export interface Iommu {
  /** Driver instances: `dmar0` (Intel), `ivhd0` (AMD), `smmu3.*`, `virtio-iommu*`. */
  readonly instances: readonly string[];
  readonly groups: readonly IommuGroup[];
  /** Firmware tables that describe an IOMMU. Root is not needed to see that they exist. */
  readonly firmwareTables: readonly ('DMAR' | 'IVRS' | 'IORT' | 'VIOT')[];
}

const GROUPS = '/sys/kernel/iommu_groups';
const TABLES = '/sys/firmware/acpi/tables';

/** Firmware tables, driver instances and groups: the evidence ladder of "is the IOMMU on?". */
export const iommu = defineFact({
  id: 'iommu',
  collect(host): Iommu {
    return {
      instances: optionalList(host, '/sys/class/iommu'),
      groups: optionalList(host, GROUPS)
        .filter((name) => /^\d+$/.test(name))
        .toSorted((a, b) => Number(a) - Number(b))
        .map((id) => readGroup(host, id)),
      firmwareTables: (['DMAR', 'IVRS', 'IORT', 'VIOT'] as const).filter((table) => host.stat(`${TABLES}/${table}`).state === 'ok'),
    };
  },
});

function readGroup(host: HostSource, id: string): IommuGroup {
  const folder = `${GROUPS}/${id}`;
  const name = readAttribute(host, `${folder}/name`);
  const regions = readText(host, `${folder}/reserved_regions`);
  return {
    id,
    devices: optionalList(host, `${folder}/devices`),
    type: readAttribute(host, `${folder}/type`),
    name: name.state === 'ok' && name.value !== '' ? name.value : null,
    reservedRegions: regions.state === 'ok' ? { state: 'ok', value: parseReservedRegions(regions.value) } : regions,
  };
}

/** Lines `0x%016llx 0x%016llx <type>`. https://docs.kernel.org/admin-guide/abi-testing.html (sysfs-kernel-iommu_groups) */
export function parseReservedRegions(text: string): ReservedRegion[] {
  return text.split('\n').flatMap((line) => {
    const match = /^0x([0-9a-f]{1,16}) 0x([0-9a-f]{1,16}) (\S+)$/.exec(line.trim());
    return match ? [{ start: BigInt(`0x${match[1]}`), end: BigInt(`0x${match[2]}`), type: match[3] ?? '' }] : [];
  });
}
