import type { DomainDocument } from './document.ts';
import { perRoot } from './per-root.ts';
import { type PciAddress, pciAddressText, readGuestAddress, readPciAddress } from './pci-address.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** A PCI device of the host that a definition gives to the guest. */
export interface HostDevice {
  readonly element: XmlElement;
  /** A `hostdev`, an `interface` of the type hostdev (an SR-IOV function), or a `disk` that is a whole NVMe drive. */
  readonly kind: 'hostdev' | 'interface' | 'disk';
  /** `0000:01:00.0` on the host; null when it is not written, or out of range. */
  readonly address: string | null;
  /** The same in its parts. */
  readonly source: PciAddress | null;
  readonly isManaged: boolean;
  /** Where the guest sees it; null when libvirt is to choose, and for disks. */
  readonly guest: PciAddress | null;
  /** Its own `<address>`. */
  readonly guestElement: XmlElement | undefined;
  readonly rom: XmlElement | undefined;
}

type Root = Pick<DomainDocument, 'root'>;

/** The PCI devices of the host in the order in which libvirt's own kinds come: hostdevs, interfaces, NVMe disks. */
export const hostDevices = perRoot((root): readonly HostDevice[] => {
  const devices = first(root, 'devices');
  return [
    ...all(devices, 'hostdev')
      .filter((element) => attribute(element, 'type') === 'pci')
      .map((element) => toDevice(element, 'hostdev')),
    ...all(devices, 'interface')
      .filter((element) => attribute(element, 'type') === 'hostdev')
      .map((element) => toDevice(element, 'interface')),
    ...all(devices, 'disk')
      .filter((element) => attribute(element, 'type') === 'nvme')
      .map((element) => toDevice(element, 'disk')),
  ];
});

function toDevice(element: XmlElement, kind: HostDevice['kind']): HostDevice {
  const from = first(element, 'source');
  const source = readPciAddress(first(from, 'address'));
  const guestElement = kind === 'disk' ? undefined : first(element, 'address');
  return {
    element,
    kind,
    address: source === null ? null : pciAddressText(source),
    source,
    // A disk says it at its source, the two others at themselves.
    isManaged: (attribute(element, 'managed') ?? attribute(from, 'managed')) === 'yes',
    guest: readGuestAddress(guestElement),
    guestElement,
    rom: first(element, 'rom'),
  };
}

/** The mediated devices: slices of a GPU. */
export function mediatedDevices({ root }: Root): readonly XmlElement[] {
  return all(root, 'devices', 'hostdev').filter((element) => attribute(element, 'type') === 'mdev');
}

/** Something of the host that one running domain can have: a PCI device, or a slice of one. */
export interface ExclusiveDevice {
  /** `0000:01:00.0`, or the UUID of a slice in lower case. */
  readonly id: string;
  readonly element: XmlElement;
  /** The address in its source, which names it. */
  readonly named: XmlElement;
}

/** What no other domain can have while this one runs. A name space of an NVMe drive stands for the drive. */
export const exclusiveDevices = perRoot((root): readonly ExclusiveDevice[] => [
  ...hostDevices({ root }).flatMap(({ element, address: id }): readonly ExclusiveDevice[] => {
    const named = first(element, 'source', 'address');
    return id === null || named === undefined ? [] : [{ id, element, named }];
  }),
  ...mediatedDevices({ root }).flatMap((element): readonly ExclusiveDevice[] => {
    const named = first(element, 'source', 'address');
    const id = attribute(named, 'uuid')?.toLowerCase() ?? '';
    return named === undefined || id === '' ? [] : [{ id: id.slice(0, 64), element, named }];
  }),
]);
