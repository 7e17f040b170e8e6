import type { InventoryDevice, InventoryGpu } from '../src/inventory/model.ts';
import type { Machine, MachinePassthrough } from '../src/report/machine.ts';
import { aMachine, aVm } from './machines.ts';

// Machines with PCI functions as a report describes them, hand-made.

export function aFunction(address: string, given: Partial<InventoryDevice> = {}): InventoryDevice {
  return {
    address,
    id: '8086:1234',
    name: `Intel Corporation ${address}`,
    className: 'System peripheral',
    classCode: '088000',
    subsystem: null,
    driver: null,
    iommuGroup: null,
    upstream: [],
    ...given,
  };
}

export function aPort(address: string, given: Partial<InventoryDevice> = {}): InventoryDevice {
  return aFunction(address, { className: 'PCI bridge', classCode: '060400', driver: 'pcieport', ...given });
}

export const PORT = aPort('0000:00:01.0', { iommuGroup: '1' });
export const CARD: InventoryGpu = {
  ...aFunction('0000:01:00.0', { name: 'NVIDIA AD102', className: 'VGA compatible controller', classCode: '030000', driver: 'vfio-pci' }),
  iommuGroup: '12',
  upstream: ['0000:00:01.0'],
  kind: 'discrete',
  isPassedThrough: true,
  isLikely: false,
  isBootDisplay: false,
};
export const SOUND = aFunction('0000:01:00.1', { classCode: '040300', driver: 'vfio-pci', iommuGroup: '12', upstream: CARD.upstream });
export const DRIVE = aFunction('0000:02:00.0', { name: 'Samsung 980 PRO', classCode: '010802', driver: 'nvme', iommuGroup: '12' });

/** What else is in group 12, as the checks judge it. */
export function beside(
  mayStay: boolean | null,
  name = DRIVE.address,
  driver: string | null = 'nvme',
): MachinePassthrough['others'][number] {
  return { group: '12', name, driver, mayStay };
}

/** A card behind a port, alone in group 12 with its sound, given to win11. */
export function aPciMachine(
  given: {
    readonly devices?: readonly InventoryDevice[];
    readonly others?: MachinePassthrough['others'];
    readonly inventory?: Partial<Machine['inventory']>;
  } = {},
): Machine {
  const { devices = [PORT, CARD, SOUND], others = [], inventory = {} } = given;
  const vm = { ...aVm([]), devices: [CARD.address, SOUND.address] };
  const iommu = { instances: ['dmar0'], groups: 2, others: [] };
  return {
    ...aMachine(null, [vm], { pciDevices: devices, gpus: [CARD], iommu, ...inventory }),
    passthrough: { devices: [CARD.address, SOUND.address], groups: ['12'], others },
  };
}
