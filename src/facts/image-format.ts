/** Formats of disk images that a file tells by its first bytes, in the words of `<driver type>`; everything else is raw. */
export type ImageFormat = 'qcow2' | 'qcow' | 'qed' | 'vmdk' | 'vdi' | 'vhdx' | 'vpc' | 'raw';

/** How many bytes of an image {@link parseImageFormat} and {@link parseBackingFile} need. */
export const HEADER_BYTES = 104;

const MAGIC = [
  ['QFI\u00FB\0\0\0\u0001', 'qcow'],
  ['QFI\u00FB', 'qcow2'],
  ['QED\0', 'qed'],
  ['KDMV', 'vmdk'],
  ['COWD', 'vmdk'],
  ['# Disk DescriptorFile', 'vmdk'],
  ['vhdxfile', 'vhdx'],
  // A fixed VHD has this at its end only, and counts as raw here.
  ['conectix', 'vpc'],
] as const;

/** What a file is by its first {@link HEADER_BYTES}. qemu block/*.c, the `probe` functions */
export function parseImageFormat(header: Uint8Array): ImageFormat {
  const text = Buffer.from(header.buffer, header.byteOffset, header.byteLength).toString('latin1');
  const found = MAGIC.find(([magic]) => text.startsWith(magic));
  if (found !== undefined) return found[1];
  return text.slice(64, 68) === '\u007F\u0010\u00DA\u00BE' ? 'vdi' : 'raw';
}

/** libvirt's word for what is in a pool; null for a format that no first bytes tell. An ISO image is raw to QEMU. */
export function imageFormatOf(word: string): ImageFormat | null {
  return word === 'iso' ? 'raw' : (FORMATS.find((format) => format === word) ?? null);
}

const FORMATS: readonly ImageFormat[] = ['raw', 'qcow2', 'qcow', 'qed', 'vmdk', 'vdi', 'vhdx'];

/** Where a qcow2 image names the image that it is built on; null when it is built on none. qemu docs/interop/qcow2.rst */
export function parseBackingFile(header: Uint8Array): { readonly offset: number; readonly length: number } | null {
  if (header.length < 20 || parseImageFormat(header) !== 'qcow2') return null;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const offset = Number(view.getBigUint64(8));
  const length = view.getUint32(16);
  // QEMU refuses names longer than 1023 bytes.
  return offset === 0 || length === 0 || length > 1023 || offset > Number.MAX_SAFE_INTEGER ? null : { offset, length };
}

/** The path that an image names as its backing file, from the folder of that image; null when it is no path (`nbd://…`, `json:{…}`). */
export function backingPath(image: string, name: string): string | null {
  if (name === '' || name.includes('\0')) return null;
  if (name.startsWith('/')) return name;
  const plain = /^file:(?!\/\/)/.test(name) ? name.slice(5) : name;
  if (plain.startsWith('/')) return plain;
  if (/^[a-z][a-z0-9+.-]{0,30}:/i.test(plain)) return null;
  return `${image.slice(0, image.lastIndexOf('/'))}/${plain}`;
}
