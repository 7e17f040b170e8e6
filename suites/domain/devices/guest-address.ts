import { type Disk, disksOf } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passWithout, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

/** libvirt names the first one it meets; beyond these a list helps nobody. */
const MOST_FINDINGS = 20;

export default defineDomainRule({
  id: 'domain/devices/guest-address',
  title: 'Each drive, USB device and channel has an address of its bus, and has it alone',
  severity: 'blocker',
  why: 'libvirt refuses two devices at one address, which is what a copied element has, and the old address of a disk that was moved to another bus. PCI addresses are judged by domain/pci/guest-address.',
  sources: [
    'https://libvirt.org/formatdomain.html#device-addresses',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/conf/domain_addr.c',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/conf/domain_validate.c',
  ],
  evaluate(document) {
    const placed = placedDevices(document);
    const wrong = placed.filter(({ device, type }) => !fits(device, type)).slice(0, MOST_FINDINGS);
    const misfits = wrong.map((one) => misfit(document, one));
    const findings = [...misfits, ...twice(document, placed)];
    if (placed.length === 0) return [];
    return findings.length === 0 ? passWithout(document, `${placed.length} addresses, each used once`) : findings.slice(0, MOST_FINDINGS);
  },
});

interface Placed {
  readonly device: Disk | XmlElement;
  readonly address: XmlElement;
  readonly type: string;
  /** The same for two devices that cannot be there together; null where libvirt chooses the place. */
  readonly place: string | null;
}

function placedDevices(document: DomainDocument): readonly Placed[] {
  const disks = disksOf(document).flatMap((disk) => addressesOf(disk, disk.element));
  const others = (first(document.root, 'devices')?.children ?? []).filter(({ name, namespace }) => name !== 'disk' && namespace === '');
  return [...disks, ...others.flatMap((device) => addressesOf(device, device))];
}

function addressesOf(device: Disk | XmlElement, element: XmlElement): readonly Placed[] {
  // Of several libvirt reads the first.
  return all(element, 'address')
    .slice(0, 1)
    .flatMap((address) => {
      const type = attribute(address, 'type');
      return type === null ? [] : { device, address, type, place: placeOf(device, address, type) };
    });
}

function placeOf(device: Disk | XmlElement, address: XmlElement, type: string): string | null {
  const number = (name: string): string => String(Number(attribute(address, name) ?? '0'));
  const port = attribute(address, 'port') ?? '';
  switch (type) {
    case 'usb':
      return port === '' ? null : `port ${port.slice(0, 40)} of USB bus ${number('bus')}`;
    case 'virtio-serial':
      return Number(port) === 0 ? null : `port ${port.slice(0, 40)} of the virtio-serial controller ${number('controller')}`;
    case 'drive':
      return 'bus' in device
        ? `unit ${number('unit')}, target ${number('target')}, bus ${number('bus')} of the ${(device.bus ?? '').slice(0, 40)} controller ${number('controller')}`
        : null;
    default:
      return null;
  }
}

/** The kinds of addresses by the bus of a disk; of a bus that is not here nothing is known. */
const OF_DISK: Readonly<Record<string, readonly string[]>> = {
  virtio: ['pci', 'ccw', 'virtio-mmio', 'virtio-s390', 'unassigned'],
  usb: ['usb', 'unassigned'],
  ide: ['drive', 'unassigned'],
  sata: ['drive', 'unassigned'],
  scsi: ['drive', 'unassigned'],
  fdc: ['drive', 'unassigned'],
};

function fits(device: Disk | XmlElement, type: string): boolean {
  if ('bus' in device) return OF_DISK[device.bus ?? '']?.includes(type) ?? true;
  const isUsbInput = device.name === 'input' && attribute(device, 'bus') === 'usb';
  return !isUsbInput || ['usb', 'unassigned'].includes(type);
}

function misfit(document: DomainDocument, { device, address, type }: Placed): Outcome {
  const called =
    'bus' in device ? `disk ${device.name} is on the ${(device.bus ?? '').slice(0, 40)} bus` : 'the input device is on the USB bus';
  return failAt(document, { element: address, attribute: 'type' }, `${called}, and has an address of the type ${type.slice(0, 40)}`, {
    remedy: xmlRemedy(document, 'Remove the <address>: libvirt then writes a fitting one'),
  });
}

function twice(document: DomainDocument, placed: readonly Placed[]): readonly Outcome[] {
  const seen = new Map<string, XmlElement>();
  const pairs = placed.flatMap(({ address, place }) => {
    const other = place === null ? undefined : seen.get(place);
    if (place !== null && other === undefined) seen.set(place, address);
    return place === null || other === undefined ? [] : { address, place, other };
  });
  return pairs.slice(0, MOST_FINDINGS).map(({ address, place, other }) =>
    failAt(document, address, `two devices are at ${place}`, {
      remedy: xmlRemedy(document, 'Remove the <address> of one of the two: libvirt then chooses a free one'),
      evidence: [seenAt(document, other)],
    }),
  );
}
