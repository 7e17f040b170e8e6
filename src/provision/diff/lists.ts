import { type Item, nameOf, valueOf } from './item.ts';
import { kindOf } from './values.ts';

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
  ['domain/devices/controller', ['@type @index', '@type @model', 'alias@name']],
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

export const isList = (path: string): boolean => KEYS.has(path);
export const isWhole = (path: string): boolean => WHOLE.has(path);

/** The value of one key of an item, normalised; null where it does not have all of it. */
function keyValue(path: string, item: Item, key: string): string | null {
  if (key === '') return '';
  const values: string[] = [];
  for (const part of key.split(' ')) {
    const [place = '', otherwise] = part.split('=', 2);
    const [where = '', attribute = ''] = place.split('@', 2);
    const names = where === '' ? [] : where.split('/');
    let holder: Item | undefined = item;
    for (const name of names) holder = holder?.children.find((child) => nameOf(child) === name);
    const value = valueOf(holder, attribute) ?? otherwise;
    if (value === undefined || holder === undefined) return null;
    values.push(kindOf(`${[path, ...names].join('/')}@${attribute}`).normal(value, holder));
  }
  return values.join(' ');
}

/** Which live element each wanted one stands for, by the strongest key that both have. Each has at most one partner. */
export function partners<Wanted extends Item, Live extends Item>(
  path: string,
  wanted: readonly Wanted[],
  live: readonly Live[],
): ReadonlyMap<Wanted, Live> {
  const found = new Map<Wanted, Live>();
  const taken = new Set<Live>();
  for (const key of KEYS.get(path) ?? ['']) {
    const free = new Map<string, Live[]>();
    // From behind, so that the first one is at hand.
    for (const item of live.toReversed()) if (!taken.has(item)) add(free, keyValue(path, item, key), item);
    for (const item of wanted) {
      const value = found.has(item) ? null : keyValue(path, item, key);
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
  const alias = valueOf(
    item.children.find((child) => nameOf(child) === 'alias'),
    'name',
  );
  if (alias?.startsWith(OWN_ALIAS)) return [alias];
  const keys = (KEYS.get(path) ?? []).map((key) => (key === '' ? null : keyValue(path, item, key)));
  return keys.filter((key) => key !== null);
}
