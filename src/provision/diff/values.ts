import { parseCpuset } from '../../domain/cpuset.ts';
import { chipsetOf } from '../../domain/machine-type.ts';
import { memoryKiB } from '../../domain/memory-size.ts';
import { anyBaseNumber, scaledBytes } from '../../domain/scale.ts';
import { type Item, valueOf } from './item.ts';

/** How values of one kind are compared and shown. `item` is the element of a value: sizes have their unit beside them. */
export interface ValueKind {
  /** The same for two values that libvirt takes for the same. */
  readonly normal: (value: string, item: Item) => string;
  /** Where that is not enough: may the value that is wanted stand for another one of libvirt? */
  readonly stands?: (wanted: string, live: string) => boolean;
  /** For people. */
  readonly shown?: (value: string, item: Item) => string;
  /** Bytes: the value has a unit in the attribute `unit`. */
  readonly bytes?: (value: string, unit: string | null) => number | null;
}

const word: ValueKind = { normal: (value) => value.trim() };
/** `yes` and `on`. */
const onOff: ValueKind = { normal: (value) => value.replace(/^yes$/, 'on').replace(/^no$/, 'off') };
/** Decimal, hexadecimal or octal as C reads it. */
const number: ValueKind = { normal: (value) => String(anyBaseNumber(value.trim()) ?? value.trim()) };
/** `0711` and `711` are one mode. */
const mode: ValueKind = { normal: (value) => value.trim().replace(/^0+(?=\d)/, '') };
const mac: ValueKind = { normal: (value) => value.trim().toLowerCase(), shown: (value) => value.trim().toLowerCase() };
const uuid: ValueKind = { normal: (value) => value.toLowerCase().replaceAll(/[^0-9a-f]/g, '') };
const folder: ValueKind = {
  normal: (value) =>
    value
      .trim()
      .replaceAll(/\/{2,}/g, '/')
      .replace(/(?<=.)\/$/, ''),
};
/** libvirt sorts CPUs and joins them to ranges. */
const cpus: ValueKind = { normal: (value) => parseCpuset(value)?.join(',') ?? value.trim() };
/** `q35` means the newest `pc-q35-*`, which libvirt writes in its place when it is defined. */
const machine: ValueKind = {
  normal: (value) => value.trim(),
  stands: (wanted, live) => /^(?:q35|pc|ubuntu|ubuntu-q35)$/.test(wanted) && chipsetOf(live) === chipsetOf(wanted),
};
/** Without a unit it is KiB; libvirt rounds up to them. */
const kib = sized((value, unit) => {
  const found = memoryKiB(value, unit);
  return found === null ? null : found * 1024;
});
/** Without a unit it is bytes. */
const bytes = sized((value, unit) => scaledBytes(value, unit, 1));
/** Sizes in KiB that have no unit. */
const plainKib: ValueKind = { normal: (value) => value.trim(), shown: (value) => sizeText(Number(value) * 1024) ?? value };

function sized(read: (value: string, unit: string | null) => number | null): ValueKind {
  const inBytes = (value: string, item: Item): number | null => read(value, valueOf(item, 'unit'));
  return {
    normal: (value, item) => String(inBytes(value, item) ?? `${value.trim()} ${valueOf(item, 'unit') ?? ''}`),
    shown: (value, item) => sizeText(inBytes(value, item)) ?? `${value.trim()} ${valueOf(item, 'unit') ?? ''}`.trim(),
    bytes: read,
  };
}

/** What is compared otherwise than as a word, by the path of the text or attribute. A path with one name is any path's end. */
const KINDS: ReadonlyMap<string, ValueKind> = new Map([
  ['domain/uuid', uuid],
  ['network/uuid', uuid],
  ['pool/uuid', uuid],
  ['domain/memory', kib],
  ['domain/currentMemory', kib],
  ['domain/memtune/hard_limit', kib],
  ['domain/memtune/soft_limit', kib],
  ['domain/memtune/swap_hard_limit', kib],
  ['domain/memoryBacking/hugepages/page@size', kib],
  ['domain/memoryBacking/hugepages/page@nodeset', cpus],
  ['domain/cpu/numa/cell@memory', kib],
  ['domain/cpu/numa/cell@cpus', cpus],
  ['domain/devices/shmem/size', bytes],
  ['domain/vcpu@cpuset', cpus],
  ['domain/cputune/vcpupin@cpuset', cpus],
  ['domain/cputune/emulatorpin@cpuset', cpus],
  ['domain/cputune/iothreadpin@cpuset', cpus],
  ['domain/cputune/vcpusched@vcpus', cpus],
  ['domain/cputune/iothreadsched@iothreads', cpus],
  ['domain/numatune/memory@nodeset', cpus],
  ['domain/os/type@machine', machine],
  ['domain/devices/video/model@vram', plainKib],
  ['domain/devices/video/model@ram', plainKib],
  ['domain/devices/video/model@vgamem', plainKib],
  ['network/ip/dhcp/host@mac', mac],
  ['pool/target/path', folder],
  ['pool/target/permissions/mode', mode],
  ['mac@address', mac],
  ['address@domain', number],
  ['address@bus', number],
  ['address@slot', number],
  ['address@function', number],
  ['address@controller', number],
  ['address@target', number],
  ['address@unit', number],
  ['vendor@id', number],
  ['product@id', number],
  ['hyperv/spinlocks@retries', number],
]);

/** Attributes that libvirt has two or three words for, wherever they stand. */
const ON_OFF = new Set([
  'state',
  'enabled',
  'enable',
  'present',
  'secure',
  'readonly',
  'autoport',
  'managed',
  'stp',
  'localOnly',
  'primary',
]);

/** The kind of a text (`domain/memory`) or an attribute (`domain/vcpu@cpuset`). */
export function kindOf(place: string): ValueKind {
  const known = KINDS.get(place) ?? KINDS.get(place.slice(place.lastIndexOf('/') + 1));
  return known ?? (ON_OFF.has(place.slice(place.indexOf('@') + 1)) ? onOff : word);
}

/** Is this attribute the unit of a value, and so nothing by itself? */
export function isUnit(path: string, item: Item, attribute: string): boolean {
  if (attribute !== 'unit') return false;
  if (kindOf(path).bytes !== undefined) return true;
  return Object.keys(item.attributes).some((name) => kindOf(`${path}@${name}`).bytes !== undefined);
}

/**
 * A value as it is to be written into a live element: sizes in the unit that stands there. `unit`: the other unit that is needed;
 * null where it stays.
 */
export function valueFor(
  place: string,
  value: string,
  desired: Item,
  live: Item,
): { readonly written: string; readonly unit: string | null } {
  const { bytes: read } = kindOf(place);
  if (read === undefined) return { written: value, unit: null };
  const size = read(value.trim(), valueOf(desired, 'unit'));
  const one = read('1', valueOf(live, 'unit'));
  if (size !== null && one !== null && one > 0 && size % one === 0) return { written: String(size / one), unit: null };
  return { written: value, unit: valueOf(desired, 'unit') ?? (read === kib.bytes ? 'KiB' : 'bytes') };
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `8 GiB`, `1536 MiB`: in the largest unit that takes no fraction. */
function sizeText(size: number | null): string | null {
  if (size === null || !Number.isFinite(size)) return null;
  let value = size;
  let unit = 0;
  while (value !== 0 && value % 1024 === 0 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value} ${UNITS[unit] ?? ''}`;
}

/** An attribute's value as people read it; empty where there is none. */
export function shownValue(path: string, item: Item, attribute: string, value = valueOf(item, attribute) ?? ''): string {
  return cut(kindOf(`${path}@${attribute}`).shown?.(value, item) ?? value);
}

/** The text of an element as people read it; null where there is none. */
export function shownText(path: string, item: Item | undefined, text = item?.text?.trim() ?? ''): string | null {
  if (item === undefined || text === '') return null;
  return cut(kindOf(path).shown?.(text, item) ?? text);
}

/** Values of hostile definitions can be megabytes. */
export function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
