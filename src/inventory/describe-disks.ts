import type { Disk } from '../facts/disks.ts';
import type { InventoryFacts } from './collect.ts';
import type { InventoryDisk } from './model.ts';

/** Null when they could not be listed. */
export function describeDisks({ disks }: Pick<InventoryFacts, 'disks'>): readonly InventoryDisk[] | null {
  if (!disks.ok) return null;
  return disks.value.map((disk) => {
    const { name, model, sizeBytes, controller } = disk;
    return { name, model, sizeBytes, kind: diskKind(disk), controller };
  });
}

const TRANSPORTS = { sata: 'SATA', sas: 'SAS', usb: 'USB', virtio: 'virtio', mmc: 'eMMC or SD', scsi: 'SCSI', nvme: 'NVMe' } as const;

/** `NVMe`, `SATA SSD`, `SATA hard disk`, `USB, removable` */
function diskKind({ transport, isRotational, isRemovable }: Disk): string | null {
  const bus = transport === null ? null : TRANSPORTS[transport];
  if (isRemovable) return `${bus ?? 'unknown bus'}, removable`;
  if (bus === 'NVMe' || bus === 'virtio' || bus === 'eMMC or SD' || isRotational === null) return bus;
  return `${bus ?? ''} ${isRotational ? 'hard disk' : 'SSD'}`.trim();
}
