const SECTOR = 2048;

/** Bytes of an ISO 9660 image by offset: enough for whoever looks at its descriptors. `blocks` of 2048 bytes as it declares. */
export function isoRanges(
  label: string,
  { blocks = 0, udfSectors }: { blocks?: number; udfSectors?: number } = {},
): Record<number, Uint8Array> {
  const primary = Buffer.alloc(SECTOR);
  primary.write('\u0001CD001\u0001', 0, 'latin1');
  primary.write(label.padEnd(32), 40, 'latin1');
  primary.writeUInt32LE(blocks, 80);
  primary.writeUInt16LE(SECTOR, 128);
  const ranges: Record<number, Uint8Array> = { [16 * SECTOR]: primary, [17 * SECTOR]: Buffer.from('\u00FFCD001\u0001', 'latin1') };
  if (udfSectors === undefined) return ranges;
  const anchor = Buffer.alloc(SECTOR);
  anchor.writeUInt16LE(2, 0);
  anchor.writeUInt32LE(16 * SECTOR, 16);
  anchor.writeUInt32LE(32, 20);
  const partition = Buffer.alloc(SECTOR);
  partition.writeUInt16LE(5, 0);
  partition.writeUInt32LE(257, 188);
  partition.writeUInt32LE(udfSectors - 257, 192);
  return {
    ...ranges,
    [18 * SECTOR]: Buffer.from('\0BEA01\u0001', 'latin1'),
    [19 * SECTOR]: Buffer.from('\0NSR02\u0001', 'latin1'),
    [20 * SECTOR]: Buffer.from('\0TEA01\u0001', 'latin1'),
    [256 * SECTOR]: anchor,
    [32 * SECTOR]: partition,
  };
}
