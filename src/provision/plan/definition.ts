import { attribute, DomainXmlError, first, textAt, type XmlElement } from '../../domain/xml.ts';
import { parsedDefinition } from '../parsed-definition.ts';
import type { LiveDomain, LiveNetwork } from '../world.ts';

/** A definition of libvirt; null where it is none that passcheck reads (not well-formed, beyond every limit). */
export function readDefinition(text: string): XmlElement | null {
  try {
    return parsedDefinition(text);
  } catch (error) {
    if (error instanceof DomainXmlError) return null;
    throw error;
  }
}

/** The bridge of a network as it runs, else as it is defined; null where it has none. */
export function bridgeOf({ live, inactive }: LiveNetwork): string | null {
  return bridgeIn(live ?? inactive);
}

/** The bridge that a network gets when it starts; null where it names none. */
export function definedBridge({ inactive }: LiveNetwork): string | null {
  return bridgeIn(inactive);
}

function bridgeIn(definition: string): string | null {
  return attribute(first(readDefinition(definition) ?? undefined, 'bridge'), 'name');
}

/** The file of a domain's UEFI variables, as its definition names it; null where it names none. */
export function nvramOf({ inactive }: LiveDomain): string | null {
  const root = readDefinition(inactive) ?? undefined;
  return textAt(root, 'os', 'nvram') ?? attribute(first(root, 'os', 'nvram', 'source'), 'file');
}
