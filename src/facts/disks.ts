import { mapReading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { optionalList, readAttribute, valueOrNull } from './read.ts';

export type DiskTransport = 'nvme' | 'sata' | 'sas' | 'usb' | 'virtio' | 'mmc' | 'scsi';

/** A disk or drive of the machine. Serial numbers and world-wide names are left out on purpose. */
export interface Disk {
  /** Name in /dev. */
  readonly name: string;
  readonly model: string | null;
  /** 0 for a drive without a medium. */
  readonly sizeBytes: number | null;
  readonly isRotational: boolean | null;
  readonly isRemovable: boolean;
  readonly transport: DiskTransport | null;
  /** PCI address of the controller, which decides its IOMMU group; null when it is on no PCI bus. */
  readonly controller: string | null;
}

const FOLDER = '/sys/block';

/** Every disk and drive, sorted by name; what the kernel makes of them (loop, device mapper, RAID, zram) is left out. */
export const disks = defineFact({
  id: 'disks',
  collect: (host): readonly Disk[] =>
    optionalList(host, FOLDER)
      .map((name) => ({ name, real: valueOrNull(host.real(`${FOLDER}/${name}`)) ?? '' }))
      .filter(({ name, real }) => isHardware(name, real))
      .map(({ name, real }) => readDisk(host, name, real)),
});

/** Paths of NVMe disks can be virtual too: with multipath they hang under a subsystem. */
function isHardware(name: string, real: string): boolean {
  if (/^(?:loop|ram|zram|dm-|md|nbd|rbd|zd|drbd|bcache)\d/.test(name)) return false;
  return !real.includes('/devices/virtual/') || name.startsWith('nvme');
}

function readDisk(host: HostSource, name: string, real: string): Disk {
  const text = (attribute: string): string | null => valueOrNull(readAttribute(host, `${FOLDER}/${name}/${attribute}`));
  const device = valueOrNull(host.real(`${FOLDER}/${name}/device`)) ?? real;
  const sectors = number(text('size'));
  const rotational = text('queue/rotational');
  return {
    name,
    model: modelOf(text('device/vendor'), text('device/model') ?? text('device/name')),
    // Sectors of 512 bytes, whatever the disk has. https://docs.kernel.org/admin-guide/abi-stable.html
    sizeBytes: sectors === null ? null : sectors * 512,
    isRotational: rotational === null ? null : rotational === '1',
    isRemovable: text('removable') === '1',
    transport: transportOf(name, real),
    controller: controllerOf(real) ?? controllerOf(device) ?? multipathController(host, device),
  };
}

/** The vendor of SATA disks reads "ATA", that of virtio disks is a number. */
function modelOf(vendor: string | null, model: string | null): string | null {
  if (model === null || model === '') return null;
  return vendor === null || vendor === '' || vendor === 'ATA' || vendor.startsWith('0x') ? model : `${vendor} ${model}`;
}

/** From the path in /sys/devices, which names every bus on the way. */
export function transportOf(name: string, real: string): DiskTransport | null {
  if (name.startsWith('nvme')) return 'nvme';
  if (name.startsWith('mmcblk')) return 'mmc';
  if (/\/usb\d+\//.test(real)) return 'usb';
  if (/\/ata\d+\//.test(real)) return 'sata';
  if (/\/end_device-\d/.test(real)) return 'sas';
  if (/\/virtio\d+\/block\//.test(real)) return 'virtio';
  return /\/target\d+:/.test(real) ? 'scsi' : null;
}

/** The last PCI address on the path. */
export function controllerOf(real: string): string | null {
  return real.split('/').findLast((part) => /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-1][0-9a-f]\.[0-7]$/.test(part)) ?? null;
}

/** Under a subsystem, each controller has a link of its own: `nvme0` for `nvme-subsys0`. */
function multipathController(host: HostSource, subsystem: string): string | null {
  const names = valueOrNull(host.list(subsystem)) ?? [];
  const controller = names.find((name) => /^nvme\d+$/.test(name));
  if (controller === undefined) return null;
  return valueOrNull(mapReading(host.real(`${subsystem}/${controller}`), controllerOf));
}

function number(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
