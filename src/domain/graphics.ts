import type { DomainDocument } from './document.ts';
import { all, attribute, type XmlElement } from './xml.ts';

/** Where a VNC or SPICE server listens. */
export type Listen =
  /** `address` null: the default of qemu.conf, which is 127.0.0.1 unless set. */
  | { readonly kind: 'address'; readonly address: string | null; readonly element: XmlElement }
  | { readonly kind: 'network'; readonly network: string; readonly element: XmlElement }
  /** A socket of the file system, or nowhere at all. */
  | { readonly kind: 'local'; readonly element: XmlElement };

type Root = Pick<DomainDocument, 'root'>;

/** The `<graphics>` of a type, or all of them. */
export function graphicsOf({ root }: Root, type?: string): readonly XmlElement[] {
  const found = all(root, 'devices', 'graphics');
  return type === undefined ? found : found.filter((graphics) => attribute(graphics, 'type') === type);
}

/**
 * Where a server listens, as libvirt takes it: by its `<listen>` elements, else by its attributes. SPICE without a port
 * listens nowhere, whatever else is written. https://libvirt.org/formatdomain.html#graphical-framebuffers
 */
export function listensOf(graphics: XmlElement): readonly Listen[] {
  if (attribute(graphics, 'type') === 'spice' && !hasPort(graphics)) {
    const socket = all(graphics, 'listen').find((listen) => attribute(listen, 'type') === 'socket');
    return [{ kind: 'local', element: socket ?? graphics }];
  }
  const listens = all(graphics, 'listen');
  if (listens.length > 0) return listens.map((listen) => toListen(listen, graphics));
  if (attribute(graphics, 'socket') !== null) return [{ kind: 'local', element: graphics }];
  return [{ kind: 'address', address: emptyToNull(attribute(graphics, 'listen')), element: graphics }];
}

function toListen(element: XmlElement, graphics: XmlElement): Listen {
  const type = attribute(element, 'type');
  const address = emptyToNull(attribute(element, 'address'));
  // A running domain's definition tells the address of the network.
  if (type === 'network' && address === null) return { kind: 'network', network: attribute(element, 'network') ?? '', element };
  if (type === 'address' || type === 'network')
    return { kind: 'address', address: address ?? emptyToNull(attribute(graphics, 'listen')), element };
  return { kind: 'local', element };
}

function emptyToNull(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text.trim();
}

/** Does SPICE get a TCP port? Without `port`, `tlsPort` and `autoport` libvirt gives it none; VNC always gets one. */
export function hasPort(graphics: XmlElement): boolean {
  if (attribute(graphics, 'autoport') === 'yes') return true;
  return ['port', 'tlsPort'].some((name) => /^[1-9]\d{0,4}$/.test(attribute(graphics, name) ?? ''));
}

/** Is the address one that only this host reaches? */
export function isLoopback(address: string): boolean {
  return (
    /^127(?:\.\d{1,3}){3}$/.test(address) || ['::1', 'localhost', 'ip6-localhost', 'localhost.localdomain'].includes(address.toLowerCase())
  );
}

/** Does the address stand for every address of the host? */
export function isWildcard(address: string): boolean {
  if (/^0{1,3}(?:\.0{1,3}){3}$/.test(address)) return true;
  return address === '*' || address === '0' || (address.length <= 39 && address.includes('::') && /^[0:]+$/.test(address));
}

/** The video devices that the guest really gets: libvirt adds one to a domain with graphics that names none. */
export function videoDevices(document: Root): readonly { readonly element: XmlElement; readonly model: string | null }[] {
  const videos = all(document.root, 'devices', 'video');
  const [graphics] = graphicsOf(document);
  if (videos.length === 0) return graphics === undefined ? [] : [{ element: graphics, model: null }];
  return videos.map((element) => ({ element, model: attribute(all(element, 'model')[0], 'type') }));
}
