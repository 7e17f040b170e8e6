import { attribute, DomainXmlError, first, parseXml, textAt } from '../domain/xml.ts';

/** What libvirt knows of an image in a pool. */
export interface Volume {
  /** In libvirt's words: `qcow2`, `raw`, `iso` … */
  readonly format: string;
  /** Path of the image that it is built on. */
  readonly backing: string | null;
}

/** Reads the answer of `virsh vol-dumpxml`; null when it is none. https://libvirt.org/formatstorage.html#storage-volume-xml */
export function readVolume(xml: string): Volume | null {
  try {
    const root = parseXml(xml.trim());
    const format = attribute(first(root, 'target', 'format'), 'type');
    if (root.name !== 'volume' || format === null) return null;
    const backing = textAt(root, 'backingStore', 'path');
    return { format, backing: backing?.startsWith('/') === true ? backing : null };
  } catch (error) {
    if (error instanceof DomainXmlError) return null;
    throw error;
  }
}
