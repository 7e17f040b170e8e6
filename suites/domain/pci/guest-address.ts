import { type PciController, pciControllers, type PlacedDevice, placedDevices, placeOfBus } from '../../../src/domain/controllers.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { type PciAddress, pciAddressText } from '../../../src/domain/pci-address.ts';
import { type Chipset, machineType } from '../../../src/domain/machine-type.ts';
import type { XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passWithout, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

/** libvirt names the first one it meets; beyond these a list helps nobody. */
const MOST_FINDINGS = 20;

export default defineDomainRule({
  id: 'domain/pci/guest-address',
  title: 'Each device has a PCI address of its own in the guest, in a slot that its bus has',
  severity: 'blocker',
  why: 'libvirt refuses a definition in which two devices have one address ("Attempted double use of PCI Address"), or a device is in a slot that a root port does not have.',
  sources: ['https://libvirt.org/formatdomain.html#device-addresses', 'https://libvirt.org/pci-addresses.html'],
  evaluate(document) {
    const placed = placedDevices(document);
    if (placed.length === 0) return [];
    const findings = [...twice(document, placed), ...misplaced(document, placed)];
    if (findings.length === 0) return passWithout(document, `${placed.length} PCI addresses, each used once`);
    return findings.slice(0, MOST_FINDINGS);
  },
});

function twice(document: DomainDocument, placed: readonly PlacedDevice[]): readonly Outcome[] {
  const first = new Map<string, PlacedDevice>();
  return placed.flatMap((device): readonly Outcome[] => {
    const address = pciAddressText(device.address);
    const other = first.get(address);
    if (other === undefined) {
      first.set(address, device);
      return [];
    }
    const message = `<${device.element.name}> has the guest address ${address}, and so has <${other.element.name}>`;
    return [
      failAt(document, device.addressElement, message, {
        remedy: xmlRemedy(document, 'Remove the <address> of one of the two: libvirt then chooses a free one'),
        evidence: [seenAt(document, other.addressElement)],
      }),
    ];
  });
}

function misplaced(document: DomainDocument, placed: readonly PlacedDevice[]): readonly Outcome[] {
  const controllers = pciControllers(document);
  const { chipset } = machineType(document.root);
  return placed.flatMap(({ element, addressElement, address }): readonly Outcome[] => {
    const fault = faultOf(element, address, { controllers, chipset });
    if (fault === null) return [];
    return [
      failAt(
        document,
        { element: addressElement, attribute: fault.attribute },
        `<${element.name}> ${fault.message} (${pciAddressText(address)})`,
        {
          remedy: xmlRemedy(document, 'Remove the <address>: libvirt then chooses a fitting one'),
        },
      ),
    ];
  });
}

interface Guest {
  readonly controllers: ReadonlyMap<number, PciController>;
  readonly chipset: Chipset;
}

/** What libvirt refuses of a place. src/conf/domain_addr.c, virDomainPCIAddressValidate and virDomainPCIAddressBusSetModel */
function faultOf(element: XmlElement, address: PciAddress, { controllers, chipset }: Guest): { attribute: string; message: string } | null {
  const { domain, bus, slot } = address;
  if (domain !== 0) return { attribute: 'domain', message: `is in PCI domain ${domain} of the guest, and there is only 0` };
  if (bus === 0)
    return ofMachine(element, address, chipset) ? { attribute: 'slot', message: 'is where the machine has a device of its own' } : null;
  const model = controllers.get(bus)?.model ?? '';
  if (slot !== 0 && placeOfBus(controllers, bus, chipset === 'q35') === 'port')
    return { attribute: 'slot', message: `is in slot ${slot} of bus ${bus}, a root port, which has slot 0 only` };
  if (slot === 0 && ['pci-bridge', 'pcie-to-pci-bridge'].includes(model))
    return { attribute: 'slot', message: `is in slot 0 of bus ${bus}, a ${model}, whose slots begin with 1` };
  return null;
}

/** The ISA bridge, SATA controller and SMBus of Q35, and the ISA bridge and power management of i440FX. src/qemu/qemu_domain_address.c */
function ofMachine({ name, attributes }: XmlElement, { slot, function: part }: PciAddress, chipset: Chipset): boolean {
  if (chipset === 'i440fx') return slot === 1 && (part === 0 || part === 3);
  if (chipset === 'other' || slot !== 0x1f) return false;
  return part === 0 || part === 3 || (part === 2 && !(name === 'controller' && attributes['type'] === 'sata'));
}
