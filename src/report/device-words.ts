import type { InventoryDevice } from '../inventory/model.ts';

export const UNSEEN = '(could not be looked at)';

/** Where pci.ids does not know a device, its name is its id, which stands beside it. */
export function nameWords({ name, id }: Pick<InventoryDevice, 'name' | 'id'>): string {
  if (id === '') return name;
  return name === id || name.endsWith(` ${id}`) ? name.slice(0, -id.length).trimEnd() : name;
}

/** The same, said where there is none. */
export function shownName(device: Pick<InventoryDevice, 'name' | 'id'>): string {
  const name = nameWords(device);
  return name === '' ? '(not in pci.ids)' : name;
}

/** The driver that is bound to a device; a hidden one is not "none". */
export function driverWords({ driver, unknown = [] }: Pick<InventoryDevice, 'driver' | 'unknown'>): string {
  return unknown.includes('driver') ? UNSEEN : (driver ?? 'none');
}

/** The number of a device's IOMMU group; a hidden one is not "none". */
export function groupWords({ iommuGroup, unknown = [] }: Pick<InventoryDevice, 'iommuGroup' | 'unknown'>): string {
  return unknown.includes('iommuGroup') ? UNSEEN : (iommuGroup ?? 'none');
}
