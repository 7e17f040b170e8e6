import type { Machine } from '../machine.ts';

/** The place of a measurement, by its place in the report from 0. */
export function measurementAnchor(index: number): string {
  return `measurement-${index + 1}`;
}

/** The place of a row of the environment, by its place in the report from 0. */
export function environmentAnchor(index: number): string {
  return `environment-${index + 1}`;
}

/** The places of what the machine consists of. */
export const MACHINE_ANCHORS = { parts: 'inventory-parts', graphics: 'inventory-graphics', groups: 'pci-functions' } as const;

/** Where the page shows what a condition on the machine looks at; a part that could not be looked at has no table. */
export function machineAnchor(condition: string, { inventory, environment }: Machine): string {
  switch (condition) {
    case 'iommu-groups-listed':
      return isListed(inventory.pciDevices) ? MACHINE_ANCHORS.groups : 'pci';
    case 'gpu-on-vfio-pci':
      return isListed(inventory.gpus) ? MACHINE_ANCHORS.graphics : MACHINE_ANCHORS.parts;
    case 'ordinary-user': {
      const user = environment.findIndex(({ name }) => name === 'User');
      return user === -1 ? 'environment' : environmentAnchor(user);
    }
    default:
      return MACHINE_ANCHORS.parts;
  }
}

function isListed(list: readonly unknown[] | null): boolean {
  return list !== null && list.length > 0;
}
