import { hostDevices } from './host-devices.ts';
import type { Domain, DomainDisk, DomainInterface, DomainPciDevice } from './model.ts';
import { scaledBytes } from './scale.ts';
import { all, attribute, first, textAt, type XmlElement } from './xml.ts';

type Devices = Pick<Domain, 'emulator' | 'tpm' | 'pciDevices' | 'disks' | 'interfaces' | 'sharedMemory' | 'hasVideo'>;

/** The part of a domain that is under `<devices>`. */
export function devicesOf(domain: XmlElement): Devices {
  const devices = first(domain, 'devices');
  return {
    emulator: textAt(devices, 'emulator'),
    tpm: tpm(devices),
    pciDevices: pciDevices(domain),
    disks: all(devices, 'disk').map(disk),
    interfaces: all(devices, 'interface').map(networkInterface),
    sharedMemory: all(devices, 'shmem').map((shmem) => ({
      name: attribute(shmem, 'name') ?? '',
      model: attribute(first(shmem, 'model'), 'type'),
      sizeBytes: scaledBytes(textAt(shmem, 'size'), attribute(first(shmem, 'size'), 'unit'), 1),
    })),
    hasVideo: hasVideo(devices),
  };
}

function tpm(devices: XmlElement | undefined): Domain['tpm'] {
  const element = first(devices, 'tpm');
  if (element === undefined) return null;
  const backend = first(element, 'backend');
  return { model: attribute(element, 'model'), backend: attribute(backend, 'type'), version: attribute(backend, 'version') };
}

/** PCI devices come as `hostdev`, as network `interface` of the type hostdev (an SR-IOV function), and as NVMe `disk`. */
function pciDevices(root: XmlElement): DomainPciDevice[] {
  return hostDevices({ root }).flatMap(({ address, isManaged: managed }) => (address === null ? [] : [{ address, managed }]));
}

const DISK_DEVICES = new Set(['disk', 'cdrom', 'floppy', 'lun']);

function disk(element: XmlElement): DomainDisk {
  const device = attribute(element, 'device') ?? 'disk';
  const source = first(element, 'source');
  return {
    device: DISK_DEVICES.has(device) ? (device as DomainDisk['device']) : 'disk',
    source: attribute(source, 'file') ?? attribute(source, 'dev'),
    format: attribute(first(element, 'driver'), 'type'),
    bus: attribute(first(element, 'target'), 'bus'),
  };
}

function networkInterface(element: XmlElement): DomainInterface {
  const type = attribute(element, 'type') ?? '';
  const source = first(element, 'source');
  return { type, source: attribute(source, 'network') ?? attribute(source, 'bridge') };
}

/** libvirt adds a video device to a domain that has graphics and none; `none` is a video device that is not there. */
function hasVideo(devices: XmlElement | undefined): boolean {
  const videos = all(devices, 'video');
  if (videos.length === 0) return all(devices, 'graphics').length > 0;
  return videos.some((video) => attribute(first(video, 'model'), 'type') !== 'none');
}
