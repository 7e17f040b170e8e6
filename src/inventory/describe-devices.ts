import { isGpu, isIntegrated, isManagementDisplay } from '../facts/gpu-devices.ts';
import type { PciNames } from '../facts/pci-ids.ts';
import { pciClassName, pciDeviceName } from '../facts/pci-names.ts';
import { PCI_ADDRESS, type PciDevice } from '../facts/pci-devices.ts';
import type { Reading } from '../host/reading.ts';
import type { InventoryFacts } from './collect.ts';
import type { InventoryDevice, InventoryGpu, InventoryIommu } from './model.ts';

type Given = Pick<InventoryFacts, 'pciDevices' | 'pciNames' | 'iommu' | 'passthrough'>;

/** Every PCI function, sorted by address; null when they could not be listed. */
export function describeDevices({ pciDevices, pciNames }: Given): readonly InventoryDevice[] | null {
  if (!pciDevices.ok) return null;
  const names = pciNames.ok ? pciNames.value : new Map<string, string>();
  return pciDevices.value.map((device) => describeDevice(device, names));
}

/** The graphics cards among them. */
export function describeGpus({ pciDevices, pciNames, passthrough }: Given): readonly InventoryGpu[] | null {
  if (!pciDevices.ok) return null;
  const names = pciNames.ok ? pciNames.value : new Map<string, string>();
  const { gpus, basis } = passthrough.ok ? passthrough.value : { gpus: [], basis: null };
  const selected = new Set(gpus.map(({ address }) => address));
  return pciDevices.value.filter(isGpu).map((device) => ({
    ...describeDevice(device, names),
    kind: gpuKind(pciDevices.value, device),
    isPassedThrough: selected.has(device.address) && basis !== 'only-candidate',
    isLikely: selected.has(device.address) && basis === 'only-candidate',
    isBootDisplay: device.bootVga.state === 'ok' && device.bootVga.value,
  }));
}

/** The IOMMU in force, and members of its groups that are no PCI devices; null when it could not be looked at. */
export function describeIommu({ iommu }: Given): InventoryIommu | null {
  if (!iommu.ok) return null;
  const { instances, groups } = iommu.value;
  return {
    instances,
    groups: groups.length,
    others: groups.flatMap(({ id, devices }) => devices.filter((name) => !PCI_ADDRESS.test(name)).map((name) => ({ group: id, name }))),
  };
}

function describeDevice(device: PciDevice, names: PciNames): InventoryDevice {
  const { address, vendor, device: number, classCode, subsystem, driver, iommuGroup, upstream, numaNode } = device;
  const unknown = [...unseen('driver', driver), ...unseen('iommuGroup', iommuGroup)];
  return {
    address,
    id: `${vendor}:${number}`,
    name: pciDeviceName(names, device),
    className: pciClassName(names, device) ?? `class ${classCode}`,
    classCode,
    subsystem,
    driver: driver.state === 'ok' ? driver.value : null,
    iommuGroup: iommuGroup.state === 'ok' ? iommuGroup.value : null,
    upstream,
    ...(numaNode === null ? {} : { numaNode }),
    ...(unknown.length === 0 ? {} : { unknown }),
  };
}

function unseen(field: string, reading: Reading<unknown>): string[] {
  return reading.state === 'unreadable' ? [field] : [];
}

function gpuKind(devices: readonly PciDevice[], device: PciDevice): InventoryGpu['kind'] {
  if (device.physicalFunction !== null) return 'virtual-function';
  if (isManagementDisplay(device)) return 'management';
  return isIntegrated(devices, device) ? 'integrated' : 'discrete';
}
