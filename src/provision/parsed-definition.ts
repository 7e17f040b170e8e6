import { DomainXmlError, parseXml, type XmlElement } from '../domain/xml.ts';

/** Definitions that were read last. A plan looks into each a handful of times; those of 1,000 VMs at once would fill the memory. */
const known = new Map<string, XmlElement | DomainXmlError>();
const MOST_KNOWN = 64;

/** {@link parseXml}, once for each text: reading the definitions of four VMs takes longer than all that is decided from them. */
export function parsedDefinition(text: string): XmlElement {
  const found = known.get(text) ?? remembered(text);
  if (found instanceof DomainXmlError) throw found;
  return found;
}

function remembered(text: string): XmlElement | DomainXmlError {
  const read = parsed(text);
  const [oldest] = known.keys();
  if (known.size === MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  known.set(text, read);
  return read;
}

function parsed(text: string): XmlElement | DomainXmlError {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof DomainXmlError) return error;
    throw error;
  }
}
