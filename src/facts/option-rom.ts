import { ok, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';

/** One image of an expansion ROM. */
interface RomImage {
  /** 0: for a PC BIOS, 3: for UEFI. PCI Firmware Specification 3.3, 5.1.2 */
  readonly codeType: number;
  /** Four hex digits. */
  readonly vendor: string;
  readonly device: string;
}

/** What the first bytes of a ROM file say. */
export interface OptionRom {
  /** `rom`: it begins as firmware expects. `header`: the tool that read it put its own header before the image. */
  readonly kind: 'rom' | 'header' | 'empty' | 'other';
  /** Those that could be followed; at most 16. */
  readonly images: readonly RomImage[];
  /** Is the last image marked as such? A file that ends before is cut off. */
  readonly isComplete: boolean;
}

const MOST_IMAGES = 16;
/** Of the PCI data structure, as far as it is read. */
const STRUCTURE_BYTES = 0x18;
/** NVIDIA's tools put up to 40 kB before the image. */
const HEADER_BYTES = 64 * 1024;

/** Follows the images of a ROM file by their headers, and reads nothing else of it. */
export function readOptionRom(host: HostSource, path: string): Reading<OptionRom> {
  const start = host.readRange(path, 0, HEADER_BYTES);
  if (start.state !== 'ok') return start;
  if (start.value.length === 0) return ok({ kind: 'empty', images: [], isComplete: false });
  if (!isRom(start.value, 0)) return ok({ kind: hasLaterImage(start.value) ? 'header' : 'other', images: [], isComplete: false });
  const images: RomImage[] = [];
  let offset = 0;
  while (images.length < MOST_IMAGES) {
    const image = readImage(host, path, offset);
    if (image.state !== 'ok') return image;
    if (image.value === null) return ok({ kind: 'rom', images, isComplete: false });
    images.push(image.value);
    if (image.value.isLast || image.value.bytes === 0) return ok({ kind: 'rom', images, isComplete: image.value.isLast });
    offset += image.value.bytes;
  }
  return ok({ kind: 'rom', images, isComplete: true });
}

interface FoundImage extends RomImage {
  readonly bytes: number;
  readonly isLast: boolean;
}

/** Null: there is no image at this offset. */
function readImage(host: HostSource, path: string, offset: number): Reading<FoundImage | null> {
  const head = host.readRange(path, offset, 0x1a);
  if (head.state !== 'ok') return head;
  if (!isRom(head.value, 0) || head.value.length < 0x1a) return ok(null);
  const structure = host.readRange(path, offset + word(head.value, 0x18), STRUCTURE_BYTES);
  return structure.state === 'ok' ? ok(parsePciStructure(structure.value)) : structure;
}

/** The PCI data structure of an image: null when it is none. PCI Firmware Specification 3.3, 5.1.2 */
export function parsePciStructure(bytes: Uint8Array): FoundImage | null {
  if (bytes.length < STRUCTURE_BYTES || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== 'PCIR') return null;
  return {
    codeType: bytes[0x14] ?? 0,
    vendor: hex(word(bytes, 4)),
    device: hex(word(bytes, 6)),
    bytes: word(bytes, 0x10) * 512,
    isLast: ((bytes[0x15] ?? 0) & 0x80) !== 0,
  };
}

function isRom(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x55 && bytes[at + 1] === 0xaa;
}

/** Is there an image behind a header of any length? Tools align it to 16 bytes at least. */
function hasLaterImage(bytes: Uint8Array): boolean {
  for (let at = 16; at + 0x1a <= bytes.length; at += 16) {
    const structure = at + word(bytes, at + 0x18);
    if (isRom(bytes, at) && parsePciStructure(bytes.subarray(structure)) !== null) return true;
  }
  return false;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0');
}
