import { ABSENT, mapReading, ok, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { readAttribute, required, valueOrNull } from './read.ts';

/** A memory or I/O window of a PCI device. */
export interface PciBar {
  /** 0 to 5; the expansion ROM is not listed. */
  readonly index: number;
  readonly sizeBytes: number;
  readonly prefetchable: boolean;
  readonly is64Bit: boolean;
}

/** Speed in GT/s, width in lanes; null where the kernel says "Unknown". */
export interface PciLink {
  readonly currentSpeed: number | null;
  readonly maxSpeed: number | null;
  readonly currentWidth: number | null;
  readonly maxWidth: number | null;
}

/** One PCI function as /sys shows it. Fields that decide a verdict are readings, so that "absent" and "hidden" differ. */
export interface PciDevice {
  /** Domain, bus, device, function: `0000:01:00.0` (the domain can have more digits: VMD). */
  readonly address: string;
  /** Four hex digits, lower case. */
  readonly vendor: string;
  readonly device: string;
  /** `vendor:device` of the subsystem; null when the device has none. */
  readonly subsystem: string | null;
  /** Six hex digits: class, subclass, programming interface. */
  readonly classCode: string;
  readonly revision: string | null;
  /** Absent: no driver is bound. */
  readonly driver: Reading<string>;
  /** Absent: nothing is forced on it. */
  readonly driverOverride: Reading<string>;
  /** Only display devices of class 0x0300 have it. */
  readonly bootVga: Reading<boolean>;
  /** The group's number as text; absent: DMA of this device is not translated. */
  readonly iommuGroup: Reading<string>;
  readonly numaNode: number | null;
  /** In the order in which the kernel tries them; absent: the function cannot be reset (or the kernel is older than 5.15). */
  readonly resetMethods: Reading<readonly string[]>;
  /** Null for conventional PCI. */
  readonly link: PciLink | null;
  readonly bars: readonly PciBar[];
  readonly totalVfs: number | null;
  readonly numVfs: number | null;
  /** Address of the physical function when this is a virtual one. */
  readonly physicalFunction: string | null;
  readonly powerState: string | null;
  readonly modalias: string | null;
  /** Addresses of the bridges above, the nearest first. */
  readonly upstream: readonly string[];
}

const DEVICES = '/sys/bus/pci/devices';
export const PCI_ADDRESS = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-1][0-9a-f]\.[0-7]$/;

/** Every PCI function, sorted by address. A machine without a PCI bus has none. */
export const pciDevices = defineFact({
  id: 'pciDevices',
  collect(host): readonly PciDevice[] {
    const names = required(DEVICES, host.list(DEVICES));
    return names.filter((name) => PCI_ADDRESS.test(name)).flatMap((address) => readDevice(host, address) ?? []);
  },
});

/** Null when the device vanished while it was read. */
function readDevice(host: HostSource, address: string): PciDevice | null {
  const look = deviceReader(host, `${DEVICES}/${address}`);
  const { text } = look;
  const identity = readIdentity(look);
  if (identity === null) return null;
  const totalVfs = count(text('sriov_totalvfs'));
  return {
    address,
    ...identity,
    revision: hex(text('revision'), 2),
    driverOverride: presentUnless(look.attribute('driver_override'), (value) => value === '' || value === '(null)'),
    bootVga: identity.classCode.startsWith('0300') ? mapReading(look.attribute('boot_vga'), (value) => value === '1') : ABSENT,
    iommuGroup: mapReading(look.link('iommu_group'), baseName),
    numaNode: nodeNumber(text('numa_node')),
    resetMethods: mapReading(
      presentUnless(look.attribute('reset_method'), (value) => value === ''),
      (value) => value.split(/\s+/),
    ),
    link: readLink(text),
    bars: parsePciResources(text('resource') ?? ''),
    totalVfs,
    numVfs: totalVfs === null ? null : count(text('sriov_numvfs')),
    physicalFunction: valueOrNull(mapReading(look.link('physfn'), baseName)),
    powerState: text('power_state'),
    upstream: upstreamAddresses(devicePath(host, `${DEVICES}/${address}`), address),
  };
}

interface DeviceReader {
  attribute(this: void, name: string): Reading<string>;
  text(this: void, name: string): string | null;
  link(this: void, name: string): Reading<string>;
}

/**
 * Asks only for what the folder lists: a question for a file that is not there costs more than the listing. A captured tree
 * lists only what somebody copied, so there every file is asked for.
 */
function deviceReader(host: HostSource, folder: string): DeviceReader {
  const listed = host.kind === 'tree' ? null : valueOrNull(host.list(folder));
  const names = listed === null ? null : new Set(listed);
  const attribute = (name: string): Reading<string> =>
    names === null || names.has(name) ? readAttribute(host, `${folder}/${name}`) : ABSENT;
  return {
    attribute,
    text: (name) => valueOrNull(attribute(name)),
    link: (name) => (names === null || names.has(name) ? host.link(`${folder}/${name}`) : ABSENT),
  };
}

type Identity = Pick<PciDevice, 'vendor' | 'device' | 'classCode' | 'subsystem' | 'modalias' | 'driver'>;

/** From `uevent`, one file that says it all, else from the single files. */
function readIdentity({ attribute, text, link }: DeviceReader): Identity | null {
  const fromEvent = parseUevent(valueOrNull(attribute('uevent')) ?? '');
  if (fromEvent !== null) return fromEvent;
  const vendor = hex(text('vendor'), 4);
  const device = hex(text('device'), 4);
  const classCode = hex(text('class'), 6);
  if (vendor === null || device === null || classCode === null) return null;
  const subsystem = subsystemId(hex(text('subsystem_vendor'), 4), hex(text('subsystem_device'), 4));
  return { vendor, device, classCode, subsystem, modalias: text('modalias'), driver: mapReading(link('driver'), baseName) };
}

/** The file `uevent` of a PCI function: `DRIVER=` (only while one is bound), `PCI_CLASS=30000`, `PCI_ID=10DE:2684` … Null when it is none. */
export function parseUevent(text: string): Identity | null {
  const values = new Map(
    text.split('\n').map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]),
  );
  const [vendor, device] = ids(values.get('PCI_ID'));
  const classCode = hex(`0x${values.get('PCI_CLASS') ?? ''}`, 6);
  if (vendor === undefined || device === undefined || classCode === null) return null;
  const driver = values.get('DRIVER') ?? '';
  return {
    vendor,
    device,
    classCode,
    subsystem: subsystemId(...ids(values.get('PCI_SUBSYS_ID'))),
    modalias: values.get('MODALIAS') ?? null,
    driver: driver === '' ? ABSENT : ok(driver),
  };
}

function ids(text: string | undefined): readonly [string | undefined, string | undefined] {
  const match = /^([0-9a-f]{4}):([0-9a-f]{4})$/i.exec(text ?? '');
  return [match?.[1]?.toLowerCase(), match?.[2]?.toLowerCase()];
}

function subsystemId(vendor: string | null | undefined, device: string | null | undefined): string | null {
  return typeof vendor === 'string' && typeof device === 'string' && vendor !== '0000' ? `${vendor}:${device}` : null;
}

function readLink(text: (name: string) => string | null): PciLink | null {
  const currentSpeed = text('current_link_speed');
  const maxSpeed = text('max_link_speed');
  if (currentSpeed === null && maxSpeed === null) return null;
  return {
    currentSpeed: parseLinkSpeed(currentSpeed),
    maxSpeed: parseLinkSpeed(maxSpeed),
    currentWidth: linkWidth(text('current_link_width')),
    maxWidth: linkWidth(text('max_link_width')),
  };
}

/** `"16.0 GT/s PCIe"`, `"8 GT/s"` → GT/s; null for "Unknown". */
export function parseLinkSpeed(text: string | null): number | null {
  const speed = Number.parseFloat(text ?? '');
  return Number.isFinite(speed) && speed > 0 ? speed : null;
}

/** 0 and 255 are what a sleeping or lost device answers. */
function linkWidth(text: string | null): number | null {
  const width = count(text);
  return width === null || width === 0 || width >= 64 ? null : width;
}

/** The file `resource`: one line `start end flags` per window; flags as in include/linux/ioport.h. */
export function parsePciResources(text: string): PciBar[] {
  return text
    .split('\n')
    .slice(0, 6)
    .flatMap((line, index) => {
      const match = /^0x([0-9a-f]{1,16}) 0x([0-9a-f]{1,16}) 0x([0-9a-f]{1,16})$/.exec(line.trim());
      if (!match) return [];
      const [start, end, flags] = [BigInt(`0x${match[1]}`), BigInt(`0x${match[2]}`), BigInt(`0x${match[3]}`)];
      if (end <= start) return [];
      return [{ index, sizeBytes: Number(end - start + 1n), prefetchable: (flags & 0x2000n) !== 0n, is64Bit: (flags & 0x100000n) !== 0n }];
    });
}

/** The entry in /sys/bus is a link whose target names the bridges; following it in full would look at each of them. */
function devicePath(host: HostSource, entry: string): string {
  const target = valueOrNull(host.link(entry));
  return target?.includes('/devices/') === true ? target : (valueOrNull(host.real(entry)) ?? '');
}

/** `/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0` → [`0000:00:01.0`] */
function upstreamAddresses(path: string, own: string): string[] {
  return path
    .split('/')
    .filter((part) => PCI_ADDRESS.test(part) && part !== own)
    .toReversed();
}

function presentUnless(reading: Reading<string>, isEmpty: (value: string) => boolean): Reading<string> {
  if (reading.state !== 'ok') return reading;
  return isEmpty(reading.value) ? ABSENT : ok(reading.value);
}

function hex(text: string | null, digits: number): string | null {
  const match = /^0x([0-9a-f]{1,6})$/i.exec(text ?? '');
  return match?.[1] === undefined ? null : match[1].toLowerCase().padStart(digits, '0');
}

function count(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function nodeNumber(text: string | null): number | null {
  const node = Number(text ?? '-1');
  return Number.isInteger(node) && node >= 0 ? node : null;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Class 0x03: VGA, 3D and other display controllers. */
export function isDisplay({ classCode }: PciDevice): boolean {
  return classCode.startsWith('03');
}

/** Every function of the same slot, this one included. */
export function functionsOfSlot(devices: readonly PciDevice[], address: string): readonly PciDevice[] {
  const slot = address.slice(0, address.lastIndexOf('.'));
  return devices.filter((device) => device.address.slice(0, device.address.lastIndexOf('.')) === slot);
}
