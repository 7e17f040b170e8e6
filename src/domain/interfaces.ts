import { perRoot } from './per-root.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** One network `<interface>` of a definition. https://libvirt.org/formatdomain.html#network-interfaces */
export interface Interface {
  readonly element: XmlElement;
  /** `network`, `bridge`, `user`, `direct`, `hostdev` … */
  readonly type: string;
  /** Null: libvirt is to choose. */
  readonly model: string | null;
  /** The `<mac>` element; undefined: libvirt makes an address up. */
  readonly mac: XmlElement | undefined;
  readonly driver: XmlElement | undefined;
  readonly source: XmlElement | undefined;
  /** How messages call it: by its address, else by its place. */
  readonly name: string;
}

/** The network interfaces of a definition, in the order in which they are written. */
export const interfacesOf = perRoot((root): readonly Interface[] =>
  all(root, 'devices', 'interface').map((element, index) => {
    const mac = first(element, 'mac');
    return {
      element,
      type: attribute(element, 'type') ?? 'network',
      model: attribute(first(element, 'model'), 'type'),
      mac,
      driver: first(element, 'driver'),
      source: first(element, 'source'),
      name: `network card ${attribute(mac, 'address')?.slice(0, 40) ?? index + 1}`,
    };
  }),
);

/** Is the card itself one of the host (SR-IOV), or made by another program: QEMU emulates none? */
export function isNotEmulated({ type }: Pick<Interface, 'type'>): boolean {
  return type === 'hostdev' || type === 'vdpa' || type === 'vhostuser';
}

/** An Ethernet address as libvirt reads it, in lower case with all its zeros; null when it refuses it. src/util/virmacaddr.c */
export function macAddress(text: string | null): string | null {
  // What stands behind a blank is not read.
  const address = /^([0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5})(?:\s|$)/i.exec(text ?? '')?.[1];
  return address === undefined
    ? null
    : address
        .toLowerCase()
        .split(':')
        .map((octet) => octet.padStart(2, '0'))
        .join(':');
}
