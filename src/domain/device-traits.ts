import { pciAddressText, readPciAddress } from './pci-address.ts';
import { scaledBytes } from './scale.ts';
import { all, attribute, first, textAt, type XmlElement } from './xml.ts';

type Trait = [string, string];

/**
 * The devices of a domain as pairs of what is compared between a running domain and its definition: name and what it is.
 * Devices without a name of their own are counted by what they are.
 */
export function deviceTraits(devices: XmlElement | undefined): readonly Trait[] {
  return [
    ...all(devices, 'emulator')
      .slice(0, 1)
      .map((emulator): Trait => ['emulator', emulator.text.trim()]),
    ...all(devices, 'disk').map(disk),
    ...all(devices, 'interface').map(networkInterface),
    ...all(devices, 'hostdev').flatMap(hostDevice),
    ...all(devices, 'channel').flatMap(channel),
    ...all(devices, 'shmem').map((shmem): Trait => [`shared memory ${attribute(shmem, 'name') ?? ''}`, sharedMemory(shmem)]),
    ...all(devices, 'filesystem').map((share): Trait => [`filesystem ${attribute(first(share, 'target'), 'dir') ?? ''}`, 'shared']),
    ...counted(devices),
  ];
}

/** The medium of a drive is the guest's business: it ejects it. */
function disk(element: XmlElement): Trait {
  const target = first(element, 'target');
  const source = first(element, 'source');
  const kind = attribute(element, 'device') ?? 'disk';
  const [bus, driver] = [attribute(target, 'bus') ?? '', first(element, 'driver')];
  const place = ['file', 'dev', 'dir', 'name', 'volume'].map((name) => attribute(source, name)).find((value) => value !== null);
  const options = ['cache', 'io', 'discard', 'iothread', 'queues'].flatMap((name) => {
    const value = attribute(driver, name);
    return value === null ? [] : [`${name}=${value}`];
  });
  const medium = kind === 'disk' || kind === 'lun' ? [place ?? 'a source of another kind'] : [];
  return [`${kind} ${attribute(target, 'dev') ?? ''}`, [bus, ...medium, ...options].join(' ')];
}

/** Of a network libvirt writes at start which bridge came out of it. */
function networkInterface(element: XmlElement): Trait {
  const mac = attribute(first(element, 'mac'), 'address')?.toLowerCase() ?? '';
  return [`network card ${mac}`, attribute(first(element, 'model'), 'type') ?? 'the default model'];
}

/** A USB device that may be missing is there or not; of one named by its ids libvirt writes at start where it is. */
function hostDevice(element: XmlElement): Trait[] {
  const source = first(element, 'source');
  const type = attribute(element, 'type') ?? '';
  if (attribute(source, 'startupPolicy') === 'optional') return [];
  if (type === 'pci') {
    const address = readPciAddress(first(source, 'address'));
    return [[`PCI device ${address === null ? '' : pciAddressText(address)}`, 'passed through']];
  }
  if (type === 'mdev') return [[`mediated device ${attribute(first(source, 'address'), 'uuid') ?? ''}`, 'passed through']];
  if (type !== 'usb') return [];
  const vendor = attribute(first(source, 'vendor'), 'id');
  const address = first(source, 'address');
  const name =
    vendor === null
      ? `bus ${attribute(address, 'bus') ?? ''} device ${attribute(address, 'device') ?? ''}`
      : `${vendor}:${attribute(first(source, 'product'), 'id') ?? ''}`;
  return [[`USB device ${name}`, 'passed through']];
}

function channel(element: XmlElement): Trait[] {
  const name = attribute(first(element, 'target'), 'name');
  return name === null ? [] : [[`channel ${name}`, attribute(element, 'type') ?? '']];
}

function sharedMemory(shmem: XmlElement): string {
  const bytes = scaledBytes(textAt(shmem, 'size'), attribute(first(shmem, 'size'), 'unit'), 1);
  return bytes === null ? 'of the default size' : `${bytes / 1024 / 1024} MiB`;
}

/** What tells two devices of a kind apart, by kind. Libvirt adds input devices, a sound backend and controllers when it defines. */
const KINDS: Readonly<Record<string, (device: XmlElement) => string>> = {
  video: (device) => attribute(first(device, 'model'), 'type') ?? '',
  graphics: (device) => attribute(device, 'type') ?? '',
  sound: (device) => attribute(device, 'model') ?? '',
  input: (device) => `${attribute(device, 'type') ?? ''} ${attribute(device, 'bus') ?? ''}`,
  tpm: (device) => `${attribute(device, 'model') ?? ''} ${attribute(first(device, 'backend'), 'version') ?? ''}`,
  watchdog: (device) => attribute(device, 'model') ?? '',
  memballoon: (device) => attribute(device, 'model') ?? '',
  rng: (device) => attribute(device, 'model') ?? '',
  iommu: (device) => attribute(device, 'model') ?? '',
  vsock: (device) => attribute(device, 'model') ?? '',
  redirdev: (device) => attribute(device, 'bus') ?? '',
  memory: (device) => attribute(device, 'model') ?? '',
};

function counted(devices: XmlElement | undefined): Trait[] {
  const counts = new Map<string, number>();
  for (const device of devices?.children ?? []) {
    const describe = device.namespace === '' && Object.hasOwn(KINDS, device.name) ? KINDS[device.name] : undefined;
    if (describe === undefined) continue;
    const name = `${device.name} ${describe(device)}`.trim();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => [name, count === 1 ? 'one' : `${count} of them`]);
}
