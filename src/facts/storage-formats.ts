/** Name and folder of a storage pool's definition; null when it has no folder or is no pool. https://libvirt.org/formatstorage.html */
export async function parsePool(xml: string): Promise<{ readonly name: string; readonly path: string } | null> {
  const { first, parseXml, textAt, DomainXmlError } = await import('../domain/xml.ts');
  try {
    const pool = parseXml(xml);
    const path = textAt(first(pool, 'target'), 'path');
    const type = pool.attributes['type'] ?? '';
    return pool.name === 'pool' && ['dir', 'fs', 'netfs'].includes(type) && path?.startsWith('/')
      ? { name: textAt(pool, 'name') ?? 'without a name', path }
      : null;
  } catch (error) {
    if (error instanceof DomainXmlError) return null;
    throw error;
  }
}

/** The size that a guest sees, from the first 32 bytes of a qcow2 image. qemu docs/interop/qcow2.rst */
export function parseQcow2Size(header: Uint8Array): number | null {
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
  return bytes.length >= 32 && bytes.toString('latin1', 0, 4) === 'QFI\u00FB' ? Number(bytes.readBigUInt64BE(24)) : null;
}

/** Is the attribute C set in the answer of `lsattr -d`? Null when it is no answer. chattr(1) */
export function parseNoCopyOnWrite(text: string): boolean | null {
  const flags = /^([A-Za-z-]{16,32}) /.exec(text)?.[1];
  return flags === undefined ? null : flags.includes('C');
}
