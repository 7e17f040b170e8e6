import { below, type Item, valueOf } from './item.ts';
import { kindOf, type ValueKind } from './values.ts';

/**
 * What tells the elements of a list from each other, strongest first: attributes, all of one line together (`=` what libvirt
 * means where it is left out, `''` anything: the first that is left). Elements that have no line here are told by their order.
 *
 * Devices are passcheck's by their alias, but the guest knows a NIC by its MAC address and a GPU by what it is: those keep their
 * slots in the guest when the one before them goes.
 */
const KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['domain/devices/disk', ['alias@name', 'target@dev']],
  ['domain/devices/interface', ['mac@address', 'alias@name']],
  [
    'domain/devices/hostdev',
    [
      '@type source/address@domain=0 source/address@bus source/address@slot source/address@function=0',
      '@type source/vendor@id source/product@id',
      '@type source/address@uuid',
      'alias@name',
    ],
  ],
  ['domain/devices/controller', ['@type @index=0', 'alias@name']],
  ['domain/devices/channel', ['target@name', 'alias@name']],
  ['domain/devices/graphics', ['@type']],
  ['domain/devices/input', ['@type @bus=']],
  ['domain/devices/shmem', ['@name']],
  ['domain/devices/filesystem', ['target@dir']],
  ['domain/devices/serial', ['target@port=0']],
  ['domain/devices/console', ['target@type=serial target@port=0']],
  ['domain/devices/audio', ['@id']],
  ['domain/devices/sound', ['alias@name', '@model', '']],
  ['domain/devices/redirdev', ['alias@name', '']],
  ['domain/devices/rng', ['alias@name', '']],
  ['domain/devices/panic', ['@model=']],
  ['domain/devices/watchdog', ['@model=']],
  ['domain/devices/video', ['alias@name', '']],
  ['domain/devices/memory', ['alias@name', '']],
  ['domain/clock/timer', ['@name']],
  ['domain/cpu/feature', ['@name']],
  ['domain/cpu/numa/cell', ['@id', '']],
  ['domain/cputune/vcpupin', ['@vcpu']],
  ['domain/cputune/iothreadpin', ['@iothread']],
  ['domain/cputune/vcpusched', ['@vcpus', '']],
  ['domain/cputune/iothreadsched', ['@iothreads', '']],
  ['domain/iothreadids/iothread', ['@id']],
  ['domain/memoryBacking/hugepages/page', ['@size @nodeset=', '@nodeset=']],
  ['domain/os/firmware/feature', ['@name']],
  ['domain/sysinfo/system/entry', ['@name']],
  ['domain/sysinfo/bios/entry', ['@name']],
  ['domain/seclabel', ['@model=', '']],
  ['network/ip', ['@family=ipv4 @address', '@family=ipv4']],
  ['network/ip/dhcp/range', ['@start', '@end', '']],
  ['network/ip/dhcp/host', ['@mac', '@name', '@ip']],
  ['network/dns/host', ['@ip']],
  ['network/dns/forwarder', ['@addr= @domain=']],
  ['network/dns/txt', ['@name']],
  ['network/route', ['@family=ipv4 @address']],
  ['network/portgroup', ['@name']],
]);

/** Lists that are wanted as a whole: what is not in the spec goes, whoever put it there. */
const WHOLE = new Set(['domain/os/boot']);

/** One attribute of a key: where it stands, and what libvirt means where it is left out. */
interface Part {
  readonly names: readonly string[];
  readonly attribute: string;
  readonly otherwise: string | null;
  readonly kind: ValueKind;
}

/** No parts: anything. */
type Key = readonly Part[];

const LISTS: ReadonlyMap<string, readonly Key[]> = new Map([...KEYS].map(([path, keys]) => [path, keys.map((key) => keyOf(path, key))]));

/** Elements that have no keys: the first stands for the first. */
const IN_ORDER: readonly Key[] = [[]];

function keyOf(path: string, key: string): Key {
  return key.split(' ').flatMap((part) => {
    const [, where = '', attribute = '', , otherwise] = /^([^@]*)@([^=]*)(=(.*))?$/.exec(part) ?? [];
    if (attribute === '') return [];
    const names = where === '' ? [] : where.split('/');
    return [{ names, attribute, otherwise: otherwise ?? null, kind: kindOf(`${[path, ...names].join('/')}@${attribute}`) }];
  });
}

export const isList = (path: string): boolean => LISTS.has(path);
export const isWhole = (path: string): boolean => WHOLE.has(path);

/** The value of one key of an item, normalised; null where it does not have all of it. */
function keyValue(item: Item, key: Key): string | null {
  const values: string[] = [];
  for (const { names, attribute, otherwise, kind } of key) {
    const holder = below(item, ...names);
    const value = valueOf(holder, attribute) ?? otherwise;
    if (value === null || holder === undefined) return null;
    values.push(kind.normal(value, holder));
  }
  return values.join(' ');
}

/**
 * Which live element each wanted one stands for, by the strongest key that both have; those that have none at all by their order.
 * Each has at most one partner.
 */
export function partners<Wanted extends Item, Live extends Item>(
  path: string,
  wanted: readonly Wanted[],
  live: readonly Live[],
): ReadonlyMap<Wanted, Live> {
  const found = new Map<Wanted, Live>();
  const taken = new Set<Live>();
  const keys = LISTS.get(path) ?? IN_ORDER;
  const isNameless = (item: Item): boolean => keys.every((key) => keyValue(item, key) === null);
  for (const valueBy of [...keys.map((key) => (item: Item) => keyValue(item, key)), (item: Item) => (isNameless(item) ? '' : null)]) {
    const free = new Map<string, Live[]>();
    // From behind, so that the first one is at hand.
    for (const item of live.toReversed()) if (!taken.has(item)) add(free, valueBy(item), item);
    for (const item of wanted) {
      const value = found.has(item) ? null : valueBy(item);
      const partner = value === null ? undefined : free.get(value)?.pop();
      if (partner === undefined) continue;
      found.set(item, partner);
      taken.add(partner);
    }
  }
  return found;
}

function add<Value>(map: Map<string, Value[]>, key: string | null, value: Value): void {
  if (key === null) return;
  const same = map.get(key);
  if (same === undefined) map.set(key, [value]);
  else same.push(value);
}

const OWN_ALIAS = 'ua-pc-';

/**
 * What an element of a list can be known by when it is no longer wanted: passcheck's own alias and nothing else, or its keys,
 * strongest first. Empty for one that is told by its order.
 */
export function lastingKeys(path: string, item: Item): readonly string[] {
  const alias = valueOf(below(item, 'alias'), 'name');
  if (alias?.startsWith(OWN_ALIAS)) return [alias];
  const keys = (LISTS.get(path) ?? []).map((key) => (key.length === 0 ? null : keyValue(item, key)));
  return keys.filter((key) => key !== null);
}
