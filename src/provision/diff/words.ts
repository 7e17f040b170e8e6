import { pciAddressText, readPciAddress } from '../../domain/pci-address.ts';
import { below, childrenOf, type Item, nameOf, valueOf } from './item.ts';
import { cut } from './values.ts';

/** How elements are called, by their path. Those that are not here are called by their own name. */
const LABELS: ReadonlyMap<string, string | ((item: Item) => string)> = new Map<string, string | ((item: Item) => string)>([
  ['domain', ''],
  ['network', ''],
  ['pool', ''],
  ['domain/uuid', 'UUID'],
  ['network/uuid', 'UUID'],
  ['pool/uuid', 'UUID'],
  ['domain/metadata/libosinfo:libosinfo', 'operating system'],
  ['domain/metadata/passcheck:spec', 'mark of passcheck'],
  ['network/metadata/passcheck:spec', 'mark of passcheck'],
  ['domain/currentMemory', 'current memory'],
  ['domain/memoryBacking', 'memory backing'],
  ['domain/memoryBacking/hugepages', 'hugepages'],
  ['domain/memoryBacking/hugepages/page', 'hugepage size'],
  ['domain/iothreads', 'I/O threads'],
  ['domain/cputune', 'CPU tuning'],
  ['domain/cputune/vcpupin', (pin) => `CPU pin of vCPU ${valueOf(pin, 'vcpu') ?? ''}`],
  ['domain/cputune/emulatorpin', 'CPU pin of the emulator'],
  ['domain/cputune/iothreadpin', (pin) => `CPU pin of I/O thread ${valueOf(pin, 'iothread') ?? ''}`],
  ['domain/os', ''],
  ['domain/os/type', 'machine type'],
  ['domain/os/firmware', 'firmware features'],
  ['domain/os/firmware/feature', (feature) => `firmware feature ${valueOf(feature, 'name') ?? ''}`],
  ['domain/os/loader', 'UEFI loader'],
  ['domain/os/nvram', 'NVRAM'],
  ['domain/os/boot', 'boot device'],
  ['domain/os/bootmenu', 'boot menu'],
  ['domain/features/hyperv', 'Hyper-V'],
  ['domain/features/kvm', 'KVM features'],
  ['domain/cpu', 'CPU'],
  ['domain/cpu/topology', 'CPU topology'],
  ['domain/cpu/feature', (feature) => `CPU feature ${valueOf(feature, 'name') ?? ''}`],
  ['domain/clock/timer', (timer) => `clock timer ${valueOf(timer, 'name') ?? ''}`],
  ['domain/pm', 'power management'],
  ['domain/devices/disk', (disk) => `${isDrive(disk) ? 'CD drive' : 'disk'} ${targetOf(disk)}`.trim()],
  ['domain/devices/interface', (nic) => `interface ${valueOf(below(nic, 'mac'), 'address')?.toLowerCase() ?? ''}`.trim()],
  ['domain/devices/hostdev', hostDevice],
  ['domain/devices/controller', (item) => ['controller', valueOf(item, 'type'), valueOf(item, 'index')].filter(Boolean).join(' ')],
  ['domain/devices/channel', (channel) => `channel ${valueOf(below(channel, 'target'), 'name') ?? ''}`.trim()],
  ['domain/devices/graphics', (graphics) => `graphics ${valueOf(graphics, 'type') ?? ''}`.trim()],
  ['domain/devices/input', (input) => `input ${valueOf(input, 'type') ?? ''} ${valueOf(input, 'bus') ?? ''}`.trim()],
  ['domain/devices/shmem', (shmem) => `shared memory ${valueOf(shmem, 'name') ?? ''}`.trim()],
  ['domain/devices/memballoon', 'memory balloon'],
  ['domain/devices/rng', 'random number device'],
  ['domain/devices/redirdev', 'USB redirection'],
  ['domain/devices/audio', 'audio backend'],
  ['network/domain', 'DNS domain'],
  ['network/mac', 'MAC address'],
  ['network/ip', (ip) => `address ${valueOf(ip, 'address') ?? ''}`.trim()],
  ['network/ip/dhcp', 'DHCP'],
  ['network/ip/dhcp/range', 'DHCP range'],
  ['network/ip/dhcp/host', (host) => `DHCP host ${valueOf(host, 'name') ?? valueOf(host, 'mac') ?? ''}`.trim()],
  ['network/dns', 'DNS'],
  ['network/dns/host', (host) => `DNS host ${valueOf(host, 'ip') ?? ''}`.trim()],
  ['pool/target', ''],
  ['pool/target/permissions', 'permissions'],
]);

/** How places within such an element are called, by the whole path or its last two names. Empty: as the element itself. */
const PLACES: ReadonlyMap<string, string> = new Map([
  ['domain@type', 'virtualisation'],
  ['domain/metadata/libosinfo:libosinfo/libosinfo:os@id', ''],
  ['domain/os/type@machine', ''],
  ['domain/os/type@arch', 'architecture'],
  ['domain/os/boot@dev', ''],
  ['domain/os/firmware/feature@enabled', ''],
  ['domain/cputune/vcpupin@cpuset', ''],
  ['domain/cputune/emulatorpin@cpuset', ''],
  ['domain/cputune/iothreadpin@cpuset', ''],
  ['domain/memoryBacking/hugepages/page@size', ''],
  ['domain/devices/shmem/size', 'size'],
  ['domain/devices/hostdev/source/address@domain', 'domain on the host'],
  ['domain/devices/hostdev/source/address@bus', 'bus on the host'],
  ['domain/devices/hostdev/source/address@slot', 'slot on the host'],
  ['domain/devices/hostdev/source/address@function', 'function on the host'],
  ['network/bridge@name', ''],
  ['network/domain@name', ''],
  ['network/forward@mode', ''],
  ['network/mac@address', ''],
  ['pool/target/path', 'path'],
  ['domain/os/boot', ''],
  ['mac@address', 'MAC address'],
  ['alias@name', 'alias'],
  ['boot', 'boot order'],
  ['boot@order', 'boot order'],
  ['model@type', 'model type'],
  ['source@file', 'source'],
  ['source@dev', 'source'],
  ['source@network', 'network'],
  ['source@bridge', 'bridge'],
  ['target@bus', 'bus'],
  ['target@dev', 'target'],
]);

/** Where the walk is: the element that people know, and the way from it to the place. */
export interface Place {
  readonly label: string;
  readonly inner: readonly string[];
}

export const ROOT_PLACE: Place = { label: '', inner: [] };

/** The place of an element at a path, within another. */
export function placeWithin(place: Place, path: string, item: Item): Place {
  const label = LABELS.get(path);
  if (label !== undefined) return { label: typeof label === 'string' ? label : cut(label(item)), inner: [] };
  const name = nameOf(item).replaceAll('_', ' ');
  if (path.startsWith('domain/features/') && path.split('/').length === 3) return { label: `feature ${name}`, inner: [] };
  if (place.label === '' || /^domain\/(?:devices\/)?[^/]+$/.test(path)) return { label: name, inner: [] };
  return { label: place.label, inner: [...place.inner, name] };
}

/** Do its label and its value say everything, without the attribute's name? */
export function isNamedByItself(path: string, attribute: string): boolean {
  return attribute === 'state' || attribute === 'type' || PLACES.get(`${path}@${attribute}`) === '';
}

/** `disk vda: driver cache`: the element itself without an attribute. */
export function fieldAt({ label, inner }: Place, path: string, attribute?: string): string {
  const end = attribute === undefined ? '' : `@${attribute}`;
  const names = path.split('/');
  const known = PLACES.get(`${path}${end}`) ?? PLACES.get(`${names.slice(-1).join('/')}${end}`);
  const words = known ?? [...inner, ...(attribute === undefined ? [] : [attribute])].join(' ');
  if (label === '') return words === '' ? (names.at(-1) ?? '') : words;
  return words === '' || words === label ? label : `${label}: ${words}`;
}

const isDrive = (disk: Item): boolean => ['cdrom', 'floppy'].includes(valueOf(disk, 'device') ?? 'disk');
const targetOf = (disk: Item): string => valueOf(below(disk, 'target'), 'dev') ?? '';

function hostDevice(item: Item): string {
  const source = below(item, 'source');
  const address = below(source, 'address');
  const pci = readPciAddress(address);
  const isGpu = childrenOf(item, 'alias').some((alias) => valueOf(alias, 'name')?.startsWith('ua-pc-gpu-'));
  const usb = [below(source, 'vendor'), below(source, 'product')].map((part) => valueOf(part, 'id')).filter(Boolean);
  const name = pci === null ? usb.join(':') || (valueOf(address, 'uuid') ?? '') : pciAddressText(pci);
  return `${isGpu ? 'GPU' : 'host device'} ${name}`.trim();
}
