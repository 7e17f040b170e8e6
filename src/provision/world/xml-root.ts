import { DomainXmlError, parseXml, type XmlElement } from '../../domain/xml.ts';

/** The element that a text of libvirt consists of; null when it is anything else. */
export function xmlRoot(name: string, text: string): XmlElement | null {
  try {
    const root = parseXml(text.trim());
    return root.name === name ? root : null;
  } catch (error) {
    if (error instanceof DomainXmlError) return null;
    throw error;
  }
}
