import { attribute, DomainXmlError, first, parseXml, type XmlElement } from '../../domain/xml.ts';

/** A definition of libvirt; null where it is none that passcheck reads (not well-formed, beyond every limit). */
export function readDefinition(text: string): XmlElement | null {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof DomainXmlError) return null;
    throw error;
  }
}

/** The bridge of a network's definition; null where it names none. */
export function bridgeOf(network: string): string | null {
  return attribute(first(readDefinition(network) ?? undefined, 'bridge'), 'name');
}
