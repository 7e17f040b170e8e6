import type { DomainDocument } from './document.ts';
import { anyBaseNumber } from './scale.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** A USB device of the host that a definition gives to the guest. https://libvirt.org/formatdomain.html#usb-pci-scsi-devices */
export interface UsbHostDevice {
  readonly element: XmlElement;
  readonly source: XmlElement | undefined;
  /** Four hexadecimal digits each; null: not named that way, or not in a way that libvirt reads. */
  readonly id: { readonly vendor: string; readonly product: string } | null;
  /** As `lsusb` counts; null: not named that way. */
  readonly address: { readonly bus: number; readonly device: number } | null;
  /** The guest starts without it. */
  readonly isOptional: boolean;
}

/** The USB devices of the host that are given to the guest, as written. */
export function usbHostDevices({ root }: Pick<DomainDocument, 'root'>): readonly UsbHostDevice[] {
  return all(root, 'devices', 'hostdev')
    .filter((element) => attribute(element, 'type') === 'usb')
    .map((element) => {
      const source = first(element, 'source');
      const [vendor, product] = [hexId(first(source, 'vendor')), hexId(first(source, 'product'))];
      const address = first(source, 'address');
      const [bus, device] = [anyBaseNumber(attribute(address, 'bus')), anyBaseNumber(attribute(address, 'device'))];
      return {
        element,
        source,
        id: vendor === null || product === null ? null : { vendor, product },
        address: bus === null || device === null ? null : { bus, device },
        isOptional: attribute(source, 'startupPolicy') === 'optional',
      };
    });
}

function hexId(element: XmlElement | undefined): string | null {
  const value = anyBaseNumber(attribute(element, 'id'));
  return value === null || value > 0xffff ? null : value.toString(16).padStart(4, '0');
}
