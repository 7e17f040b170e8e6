import { mapReading, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';

/** What the first sectors of a file say that it is. */
export interface IsoImage {
  /** `page`: a web page that was saved in place of the download. */
  readonly kind: 'iso' | 'page' | 'other';
  readonly label: string | null;
  /** Windows images hold their files in UDF; the ISO 9660 part has a README only. */
  readonly hasUdf: boolean;
  /** How long the file must be at least by its own descriptors, bytes; null when they do not say. */
  readonly declaredBytes: number | null;
}

const SECTOR = 2048;
/** ECMA-119: the first 16 sectors are left to the system; the volume descriptors follow. */
const FIRST_DESCRIPTOR = 16;
const DESCRIPTORS = 16;
/** ECMA-167: the anchor of a UDF volume. */
const ANCHOR = 256;

/** Looks into four small ranges of an image of gigabytes. */
export function readIsoImage(host: HostSource, path: string): Reading<IsoImage> {
  const start = host.readRange(path, 0, 512);
  if (start.state !== 'ok') return start;
  return mapReading(host.readRange(path, FIRST_DESCRIPTOR * SECTOR, DESCRIPTORS * SECTOR), (descriptors) => {
    const image = parseIsoDescriptors(start.value, descriptors);
    if (!image.hasUdf) return image;
    const udf = readUdf(host, path);
    return { ...image, label: image.label ?? udf.label, declaredBytes: larger(image.declaredBytes, udf.declaredBytes) };
  });
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** `start`: the first bytes of the file. `descriptors`: its bytes from sector 16 on. ECMA-119 8.4, ECMA-167 2/9 */
export function parseIsoDescriptors(start: Uint8Array, descriptors: Uint8Array): IsoImage {
  const identifiers = sectorsOf(descriptors).map((sector) => latin1(sector, 1, 6));
  const hasUdf = identifiers.some((identifier) => /^NSR0[23]$/.test(identifier));
  const primary = sectorsOf(descriptors).find((sector) => sector[0] === 1 && latin1(sector, 1, 6) === 'CD001');
  if (primary === undefined) {
    const kind = isPage(start) ? 'page' : 'other';
    return { kind: hasUdf ? 'iso' : kind, label: null, hasUdf, declaredBytes: null };
  }
  const blocks = littleEndian(primary, 80, 4);
  const blockSize = littleEndian(primary, 128, 2);
  return { kind: 'iso', label: latin1(primary, 40, 72).trim() || null, hasUdf, declaredBytes: blocks * blockSize || null };
}

function isPage(start: Uint8Array): boolean {
  return /^\uFEFF?\s*<(!doctype html|html|\?xml|head|body)/i.test(new TextDecoder().decode(start));
}

function readUdf(host: HostSource, path: string): Pick<IsoImage, 'label' | 'declaredBytes'> {
  const anchor = host.readRange(path, ANCHOR * SECTOR, SECTOR);
  const at = anchor.state === 'ok' ? parseUdfAnchor(anchor.value) : null;
  const sequence = at === null ? null : host.readRange(path, at * SECTOR, DESCRIPTORS * SECTOR);
  return sequence?.state === 'ok' ? parseUdfSequence(sequence.value) : { label: null, declaredBytes: null };
}

/** Sector of the volume descriptor sequence. ECMA-167 3/10.2 */
export function parseUdfAnchor(bytes: Uint8Array): number | null {
  return bytes.length >= 24 && littleEndian(bytes, 0, 2) === 2 ? littleEndian(bytes, 20, 4) : null;
}

/** The primary volume descriptor (tag 1) has the label, the partition descriptor (tag 5) the place of the files. ECMA-167 3/10 */
export function parseUdfSequence(bytes: Uint8Array): Pick<IsoImage, 'label' | 'declaredBytes'> {
  const tagged = (tag: number): Uint8Array | undefined => sectorsOf(bytes).find((sector) => littleEndian(sector, 0, 2) === tag);
  const primary = tagged(1);
  const partition = tagged(5);
  return {
    label: primary === undefined ? null : udfString(primary.subarray(24, 56)),
    declaredBytes: partition === undefined ? null : (littleEndian(partition, 188, 4) + littleEndian(partition, 192, 4)) * SECTOR || null,
  };
}

/** A dstring: 8 or 16 bits for each character, the used length in its last byte. ECMA-167 1/7.2.12 */
function udfString(bytes: Uint8Array): string | null {
  const used = bytes.subarray(1, Math.min(bytes.at(-1) ?? 0, bytes.length - 1));
  if (bytes[0] === 8) return latin1(used, 0, used.length).trim() || null;
  if (bytes[0] !== 16) return null;
  return new TextDecoder('utf-16be').decode(used.subarray(0, used.length - (used.length % 2))).trim() || null;
}

function sectorsOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.floor(bytes.length / SECTOR) }, (_, index) => bytes.subarray(index * SECTOR, (index + 1) * SECTOR));
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.subarray(start, end)).toString('latin1').replaceAll('\0', '');
}

function littleEndian(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let index = length - 1; index >= 0; index -= 1) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

/** What an image is for, by its label, else by its name. */
export type MediumRole = 'windows' | 'virtio' | 'other';

/** Labels as Microsoft gives them (`CCCOMA_X64FRE_EN-US_DV9`, `ESD-ISO` from its download tool) and as virtio-win has them. */
export function roleOf(path: string, label: string | null): MediumRole {
  if (label !== null && /^virtio-win/i.test(label)) return 'virtio';
  if (label !== null && /[_-](X64|A64|X86)FRE|^ESD-ISO|^WIN(DOWS)?[ _-]?(7|8|1[01])/i.test(label)) return 'windows';
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/virtio/i.test(name)) return 'virtio';
  return label === null && /win(dows)?[ _.-]?(7|8|1[01])/i.test(name) ? 'windows' : 'other';
}
