/** The header of a qcow2 image of version 3, with the name of its backing file behind it at byte 512. */
export function qcow2Header(backing = ''): Buffer {
  const bytes = Buffer.alloc(backing === '' ? 104 : 512 + backing.length);
  bytes.write('QFI\u00FB', 'latin1');
  bytes.writeUInt32BE(3, 4);
  if (backing !== '') {
    bytes.writeBigUInt64BE(512n, 8);
    bytes.writeUInt32BE(backing.length, 16);
    bytes.write(backing, 512);
  }
  bytes.writeBigUInt64BE(64n * 1024n ** 3n, 24);
  return bytes;
}
