import { attribute, DomainXmlError, first, parseXml, textAt, type XmlElement } from '../../domain/xml.ts';

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

/** The file of a domain's UEFI variables, as its definition names it; null where it names none. */
export function nvramOf(domain: string): string | null {
  // A whole parse for a path that most definitions do not have would be a waste for a thousand of them.
  if (!domain.includes('<nvram')) return null;
  const root = readDefinition(domain) ?? undefined;
  return textAt(root, 'os', 'nvram') ?? attribute(first(root, 'os', 'nvram', 'source'), 'file');
}
