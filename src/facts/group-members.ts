import { ABSENT, type Reading } from '../host/reading.ts';
import type { IommuGroup } from './iommu.ts';
import { kernelAtLeast, type Kernel } from './kernel.ts';
import type { PciDevice } from './pci-devices.ts';

/** Something in an IOMMU group besides what is passed through. */
export interface GroupMember {
  /** A PCI address, or the name of an ACPI or platform device. */
  readonly name: string;
  readonly driver: Reading<string>;
  /** Null: cannot be told, because its driver could not be seen. */
  readonly mayStay: boolean | null;
}

/** Everything in the group that is not passed through, and whether VFIO tolerates it there. */
export function otherMembers(
  group: IommuGroup,
  passed: readonly string[],
  devices: readonly PciDevice[],
  kernel: Pick<Kernel, 'version'>,
): GroupMember[] {
  const byAddress = new Map(devices.map((device) => [device.address, device]));
  return group.devices
    .filter((name) => !passed.includes(name))
    .map((name) => {
      const device = byAddress.get(name);
      const driver = device?.driver ?? group.otherDrivers[name] ?? ABSENT;
      return { name, driver, mayStay: mayStay(driver, device, kernel) };
    });
}

/**
 * VFIO takes a group whose members are without a driver or have one that leaves DMA to others (`driver_managed_dma`): VFIO's
 * own, pci-stub, and the port driver of bridges. Before 5.19 every bridge was tolerated. drivers/iommu/iommu.c
 */
function mayStay(driver: Reading<string>, device: PciDevice | undefined, kernel: Pick<Kernel, 'version'>): boolean | null {
  if (driver.state === 'absent') return true;
  if (driver.state === 'unreadable') return null;
  if (/^(?:pcieport|pci-stub)$|(?:^|[-_])vfio[-_]/.test(driver.value)) return true;
  const isBridge = device?.classCode.startsWith('0604') === true || device?.classCode.startsWith('0607') === true;
  return isBridge && kernelAtLeast(kernel, 5, 19) === false;
}
