/** One image of an expansion ROM, made up: the header, the PCI data structure, and nothing else. */
export function aRomImage({ codeType = 3, isLast = false, vendor = 0x10de, device = 0x2684, blocks = 1 } = {}): Uint8Array {
  const bytes = new Uint8Array(512 * Math.max(1, blocks));
  bytes.set([0x55, 0xaa]);
  bytes[0x18] = 0x40;
  bytes.set(Buffer.from('PCIR'), 0x40);
  bytes.set([vendor & 0xff, vendor >> 8, device & 0xff, device >> 8], 0x44);
  bytes[0x50] = blocks;
  bytes[0x54] = codeType;
  bytes[0x55] = isLast ? 0x80 : 0;
  return bytes;
}
