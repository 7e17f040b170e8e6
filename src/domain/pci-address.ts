import { anyBaseNumber } from './scale.ts';
import { attribute, type XmlElement } from './xml.ts';

/** Where a PCI function is, on the host or in the guest. */
export interface PciAddress {
  readonly domain: number;
  readonly bus: number;
  /** 0 to 31. */
  readonly slot: number;
  /** 0 to 7. */
  readonly function: number;
}

/**
 * An `<address>` with its coordinates; null for one of another type, without coordinates (`<address type='pci'/>`: libvirt
 * chooses), or out of range. https://libvirt.org/formatdomain.html#device-addresses
 */
export function readPciAddress(element: Pick<XmlElement, 'attributes'> | undefined): PciAddress | null {
  const type = attribute(element, 'type');
  if (element === undefined || (type !== null && type !== 'pci')) return null;
  const domain = anyBaseNumber(attribute(element, 'domain') ?? '0');
  const bus = anyBaseNumber(attribute(element, 'bus'));
  const slot = anyBaseNumber(attribute(element, 'slot'));
  const part = anyBaseNumber(attribute(element, 'function') ?? '0');
  if (domain === null || bus === null || slot === null || part === null) return null;
  if (bus > 0xff || slot > 0x1f || part > 7) return null;
  return { domain, bus, slot, function: part };
}

/**
 * The place of a device in the guest; null also for 0000:00:00.0, which libvirt takes for "not chosen yet" (the host bridge has
 * it anyway). src/util/virpci.c, virPCIDeviceAddressIsEmpty
 */
export function readGuestAddress(element: XmlElement | undefined): PciAddress | null {
  const address = readPciAddress(element);
  if (address === null) return null;
  return address.domain + address.bus + address.slot + address.function === 0 ? null : address;
}

/** `0000:01:00.0`, as /sys writes it. */
export function pciAddressText({ domain, bus, slot, function: part }: PciAddress): string {
  return `${hex(domain, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${part}`;
}

/** `0000:01:00`: what the functions of one device share. */
export function pciSlotText({ domain, bus, slot }: PciAddress): string {
  return `${hex(domain, 4)}:${hex(bus, 2)}:${hex(slot, 2)}`;
}

/** An address as QEMU and lspci take it: `01:00.0`, `0000:01:00.0`; null when it is none. */
export function parsePciAddress(text: string): PciAddress | null {
  const match = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})(?:\.([0-7]))?$/i.exec(text.trim());
  if (match === null) return null;
  const [, domain = '0', bus = '', slot = '', part = '0'] = match;
  const address = {
    domain: Number.parseInt(domain, 16),
    bus: Number.parseInt(bus, 16),
    slot: Number.parseInt(slot, 16),
    function: Number(part),
  };
  return address.slot > 0x1f ? null : address;
}

/** The attributes of an `<address>` as libvirt writes them: `domain='0x0000' bus='0x01' slot='0x00' function='0x0'`. */
export function pciAddressAttributes({ domain, bus, slot, function: part }: PciAddress): string {
  return `domain='0x${hex(domain, 4)}' bus='0x${hex(bus, 2)}' slot='0x${hex(slot, 2)}' function='0x${part}'`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
