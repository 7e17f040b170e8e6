import { pciAddressText, readPciAddress } from '../../domain/pci-address.ts';
import { below, childrenOf, isDeclaration, type Item, nameOf, valueOf } from './item.ts';
import { cut, isUnit, shownText, shownValue } from './values.ts';
import { isNamedByItself, placeWithin, ROOT_PLACE } from './words.ts';

/** What an element is about beside its label, for one that comes or goes: `/images/dc01.qcow2`, `present no`. */
export function describe(path: string, item: Item): string {
  const description = DESCRIPTIONS.get(path) ?? DESCRIPTIONS.get(path.slice(path.lastIndexOf('/') + 1)) ?? generic;
  return cut(description(item, path));
}

/** Definitions can be hostile: what is cut off later is not put together first. */
const MOST = 40;
const few = (item: Item): readonly Item[] => item.children.slice(0, MOST);

type Description = (item: Item, path: string) => string;

const none: Description = () => '';
const range: Description = (item) => `${firstOf(item, ['start'])} to ${firstOf(item, ['end'])}`;
const source: Description = (item) => firstOf(item, ['file', 'dev', 'volume', 'network', 'bridge']);

/** By path or its last name; the others are described by their attributes and what is in them. */
const DESCRIPTIONS: ReadonlyMap<string, Description> = new Map<string, Description>([
  ['domain/devices/disk', (disk, path) => source(below(disk, 'source') ?? disk, path) || 'empty'],
  ['domain/devices/interface', (nic, path) => source(below(nic, 'source') ?? nic, path) || firstOf(nic, ['type'])],
  ['domain/devices/disk/source', source],
  ['domain/devices/interface/source', source],
  ['domain/devices/hostdev', none],
  ['domain/devices/channel', none],
  ['domain/devices/input', none],
  ['domain/devices/graphics', (graphics) => firstOf(graphics, ['listen'])],
  ['domain/devices/tpm', (tpm) => `${firstOf(tpm, ['model'])} ${firstOf(below(tpm, 'backend'), ['version'])}`.trim()],
  ['domain/devices/shmem', (shmem, path) => shownText(`${path}/size`, below(shmem, 'size')) ?? ''],
  [
    'domain/os/firmware',
    (firmware) =>
      few(firmware)
        .map((one) => `${firstOf(one, ['name'])} ${firstOf(one, ['enabled'])}`)
        .join(', '),
  ],
  [
    'domain/features/hyperv',
    (hyperv) =>
      few(hyperv)
        .map((one) => nameOf(one).replaceAll('_', ' '))
        .join(', '),
  ],
  ['network/forward', (forward) => firstOf(forward, ['mode'])],
  ['network/ip/dhcp/range', range],
  [
    'network/ip/dhcp',
    (dhcp, path) =>
      childrenOf(dhcp, 'range')
        .slice(0, MOST)
        .map((one) => range(one, path))
        .join(', '),
  ],
  ['libosinfo:libosinfo', (libosinfo) => firstOf(below(libosinfo, 'libosinfo:os'), ['id'])],
  ['passcheck:spec', (mark) => `spec ${firstOf(mark, ['owner'])}`],
  ['address', address],
  ['alias', (alias) => firstOf(alias, ['name'])],
  ['boot', (boot) => firstOf(boot, ['order', 'dev'])],
  ['domain/devices/serial', (port) => firstOf(port, ['type'])],
  ['domain/devices/console', (port) => firstOf(port, ['type'])],
]);

function firstOf(item: Item | undefined, names: readonly string[]): string {
  for (const name of names) {
    const value = valueOf(item, name);
    if (value !== null) return value;
  }
  return '';
}

function address(item: Item, path: string): string {
  const pci = readPciAddress(item);
  return pci === null ? generic(item, path) : pciAddressText(pci);
}

/** Attributes and the names of what is in it, but for what its label says. */
function generic(item: Item, path: string): string {
  const text = shownText(path, item);
  if (text !== null) return text;
  const { label } = placeWithin(ROOT_PLACE, path, item);
  const words: string[] = [];
  for (const name of Object.keys(item.attributes).slice(0, MOST)) {
    const value = shownValue(path, item, name);
    if (isDeclaration(name) || isUnit(path, item, name) || label.endsWith(value) || value === '') continue;
    words.push(isNamedByItself(path, name) ? value : `${name} ${value}`);
  }
  const children = few(item).filter((child) => nameOf(child) !== 'address' && nameOf(child) !== 'alias');
  const inside = children.map((child) => nested(`${path}/${nameOf(child)}`, child));
  return [...words, ...inside].join(', ');
}

function nested(path: string, item: Item): string {
  const { label } = placeWithin({ label: 'inner', inner: [] }, path, item);
  const name = label === 'inner' ? nameOf(item).replaceAll('_', ' ') : label;
  const only = Object.keys(item.attributes);
  const value = only.length === 1 && item.children.length === 0 ? shownValue(path, item, only[0] ?? '') : (shownText(path, item) ?? '');
  return value === '' || name.endsWith(value) ? name : `${name} ${value}`;
}
