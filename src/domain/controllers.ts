import type { DomainDocument } from './document.ts';
import { machineType } from './machine-type.ts';
import { perRoot } from './per-root.ts';
import { type PciAddress, readGuestAddress } from './pci-address.ts';
import { anyBaseNumber } from './scale.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

type Root = Pick<DomainDocument, 'root'>;

/** A PCI controller of the guest: its index is the number of the bus that it makes. */
export interface PciController {
  readonly element: XmlElement;
  readonly index: number;
  /** `pcie-root`, `pcie-root-port`, `pcie-to-pci-bridge`, `pci-root`, `pci-bridge` …; null when libvirt is to choose. */
  readonly model: string | null;
}

/** The PCI controllers by index; of two with one index the first. */
export function pciControllers({ root }: Root): ReadonlyMap<number, PciController> {
  const found = new Map<number, PciController>();
  for (const element of all(root, 'devices', 'controller')) {
    if (attribute(element, 'type') !== 'pci') continue;
    const index = anyBaseNumber(attribute(element, 'index'));
    if (index !== null && !found.has(index)) found.set(index, { element, index, model: attribute(element, 'model') });
  }
  return found;
}

/** Kinds of places that a device of the guest can be in. */
export type PciPlace = 'root' | 'port' | 'conventional' | 'unknown';

/** What a bus of the guest is: the root of PCI Express, behind a port of it, conventional PCI, or not told. */
export function placeOfBus(controllers: ReadonlyMap<number, PciController>, bus: number, machineIsQ35: boolean): PciPlace {
  // Index 0 is the root bus of the machine, whatever is written.
  if (bus === 0) return machineIsQ35 ? 'root' : 'conventional';
  return PLACES[controllers.get(bus)?.model ?? ''] ?? 'unknown';
}

const PLACES: Readonly<Record<string, PciPlace>> = {
  'pcie-root': 'root',
  'pcie-expander-bus': 'root',
  'pcie-root-port': 'port',
  'pcie-switch-downstream-port': 'port',
  'pcie-to-pci-bridge': 'conventional',
  'dmi-to-pci-bridge': 'conventional',
  'pci-bridge': 'conventional',
  'pci-root': 'conventional',
  'pci-expander-bus': 'conventional',
};

/** Is the machine a Q35, whose root bus is PCI Express? */
export function isQ35({ root }: Root): boolean {
  return machineType(root).chipset === 'q35';
}

/** A device that has a place on a PCI bus of the guest. */
export interface PlacedDevice {
  /** The device: `<hostdev>`, `<controller>`, `<video>` … */
  readonly element: XmlElement;
  readonly addressElement: XmlElement;
  readonly address: PciAddress;
}

/** Every device of the definition with a whole PCI address, in the order in which they are written. */
export const placedDevices = perRoot((root): readonly PlacedDevice[] =>
  (first(root, 'devices')?.children ?? []).flatMap((element) => {
    const addressElement = element.namespace === '' ? first(element, 'address') : undefined;
    if (addressElement === undefined || attribute(addressElement, 'type') !== 'pci') return [];
    const address = readGuestAddress(addressElement);
    return address === null ? [] : [{ element, addressElement, address }];
  }),
);
