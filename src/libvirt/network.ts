import { all, attribute, first, parseXml, textAt } from '../domain/xml.ts';
import { DomainXmlError } from '../domain/xml-error.ts';

/** A virtual network of libvirt. */
export interface LibvirtNetwork {
  readonly name: string;
  /** `nat`, `route`, `open`, `bridge` …; null: isolated, or without any forwarding. */
  readonly forward: string | null;
  readonly bridge: string | null;
  /** libvirt gives it addresses, so it runs dnsmasq for it. */
  readonly hasAddresses: boolean;
  readonly isActive: boolean;
  /** It counts as active because libvirt starts it when it starts itself, as far as can be seen it has not yet. */
  readonly isYetToStart?: true;
}

/** Reads the definition of a network. https://libvirt.org/formatnetwork.html */
export function readNetwork(xml: string): Omit<LibvirtNetwork, 'isActive' | 'isYetToStart'> {
  const root = parseXml(xml);
  if (root.name !== 'network') throw new DomainXmlError('it is no <network>', { line: 1, column: 1 });
  const forward = first(root, 'forward');
  return {
    name: textAt(root, 'name') ?? '',
    forward: forward === undefined ? null : (attribute(forward, 'mode') ?? 'nat'),
    bridge: attribute(first(root, 'bridge'), 'name'),
    hasAddresses: all(root, 'ip').length > 0,
  };
}
