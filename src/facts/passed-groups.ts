import type { Reading } from '../host/reading.ts';
import { ABSENT, ok } from '../host/reading.ts';
import { type Iommu, type IommuGroup, isNoIommuGroup } from './iommu.ts';
import type { PciDevice } from './pci-devices.ts';

/** An IOMMU group that holds something that is passed through. */
export interface PassedGroup {
  /** The lowest address of what is passed from this group. */
  readonly subject: string;
  /** What is passed from it. */
  readonly passed: readonly PciDevice[];
  /** Absent: the device has a group, but the kernel's list does not show it. */
  readonly group: Reading<IommuGroup>;
}

/**
 * The groups of the devices that are passed through, each once. A device without a group, or in one that VFIO made up, is
 * left out: `iommu/enabled` says so.
 */
export function passedGroups(chosen: readonly string[], devices: readonly PciDevice[], iommu: Iommu): PassedGroup[] {
  const byId = new Map(iommu.groups.map((group) => [group.id, group]));
  const found = new Map<string, { subject: string; passed: PciDevice[]; group: Reading<IommuGroup> }>();
  for (const device of devices.filter(({ address }) => chosen.includes(address))) {
    const id = device.iommuGroup;
    if (id.state === 'absent') continue;
    const key = id.state === 'ok' ? id.value : device.address;
    const entry = found.get(key);
    if (entry !== undefined) {
      entry.passed.push(device);
      continue;
    }
    const group = id.state === 'ok' ? byId.get(id.value) : undefined;
    if (group !== undefined && isNoIommuGroup(group)) continue;
    found.set(key, { subject: device.address, passed: [device], group: id.state === 'ok' ? orAbsent(group) : id });
  }
  return [...found.values()];
}

function orAbsent(group: IommuGroup | undefined): Reading<IommuGroup> {
  return group === undefined ? ABSENT : ok(group);
}
