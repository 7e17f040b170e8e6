import type { Spot } from './locate.ts';
import { scaledBytes } from './scale.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** One size of memory as written. */
export interface WrittenSize {
  readonly spot: Spot;
  /** For people: `<memory>`, `size of <page>`. */
  readonly name: string;
  /** Null: it is no size. */
  readonly kib: number | null;
  /** libvirt takes no blank behind the number (virStrToLong_ullp). */
  readonly hasBlankBehind: boolean;
  /** What is written, the unit with it. */
  readonly text: string;
  /** Zero is no size here. */
  readonly isPositive: boolean;
}

/** 2^63 bytes: libvirt's virMemoryMaxValue. */
const TOO_LARGE_KIB = 2 ** 53;

/**
 * KiB of a size as libvirt's virDomainParseMemory reads it, rounded up; null when it refuses it, but for blanks behind the
 * number, which it refuses, too. https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/util/virxml.c
 */
export function memoryKiB(text: string, unit: string | null): number | null {
  const digits = /^\+?(\d{1,19})$/.exec(text.trim())?.[1];
  if (digits === undefined) return null;
  const name = unit?.toLowerCase() === 'byte' ? 'bytes' : unit;
  const bytes = scaledBytes(digits, name === '' ? null : name, 1024);
  const kib = bytes === null ? Number.POSITIVE_INFINITY : Math.ceil(bytes / 1024);
  return kib < TOO_LARGE_KIB ? kib : null;
}

/** The size that an element has as its text; an empty one is none (undefined). */
export function sizeOf(element: XmlElement | undefined, isPositive = false): WrittenSize | undefined {
  if (element === undefined || element.text === '') return undefined;
  const unit = attribute(element, 'unit');
  return written({ spot: element, name: `<${element.name}>`, number: element.text, unit, isPositive });
}

/** The size that an attribute has, with the attribute `unit` beside it. */
export function sizeAttribute(element: XmlElement, name: string, isPositive = false): WrittenSize | undefined {
  const number = attribute(element, name);
  if (number === null || number === '') return undefined;
  const unit = attribute(element, 'unit');
  return written({ spot: { element, attribute: name }, name: `${name} of <${element.name}>`, number, unit, isPositive });
}

interface Words {
  readonly spot: Spot;
  readonly name: string;
  readonly number: string;
  readonly unit: string | null;
  readonly isPositive: boolean;
}

function written({ spot, name, number, unit, isPositive }: Words): WrittenSize {
  const text = `${number.slice(0, 40)}${unit === null ? '' : ` ${unit.slice(0, 16)}`}`;
  return { spot, name, kib: memoryKiB(number, unit), hasBlankBehind: /\s$/.test(number), text, isPositive };
}

/** Every size of memory in a definition, in the order in which libvirt reads them. */
export function memorySizes(domain: XmlElement): readonly WrittenSize[] {
  const tuned = ['hard_limit', 'soft_limit', 'swap_hard_limit', 'min_guarantee'];
  const found = [
    ...['memory', 'currentMemory', 'maxMemory'].map((name) => sizeOf(first(domain, name), name === 'memory')),
    ...tuned.map((name) => sizeOf(first(domain, 'memtune', name))),
    ...all(domain, 'memoryBacking', 'hugepages', 'page').map((page) => sizeAttribute(page, 'size', true)),
    ...all(domain, 'cpu', 'numa', 'cell').map((cell) => sizeAttribute(cell, 'memory')),
    ...all(domain, 'devices', 'memory').flatMap((module) => [
      sizeOf(first(module, 'target', 'size')),
      sizeOf(first(module, 'target', 'requested')),
      sizeOf(first(module, 'source', 'pagesize')),
    ]),
  ];
  return found.filter((size) => size !== undefined);
}
