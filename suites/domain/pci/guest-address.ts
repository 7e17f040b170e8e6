import { isQ35, type PlacedDevice, pciControllers, placedDevices, placeOfBus } from '../../../src/domain/controllers.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { pciAddressText } from '../../../src/domain/pci-address.ts';
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

/** A root port and a downstream port have one slot, 0; x86 guests have one PCI domain, 0. */
function misplaced(document: DomainDocument, placed: readonly PlacedDevice[]): readonly Outcome[] {
  const controllers = pciControllers(document);
  const machineIsQ35 = isQ35(document);
  return placed.flatMap(({ element, addressElement, address }): readonly Outcome[] => {
    const text = pciAddressText(address);
    const remedy = xmlRemedy(document, 'Remove the <address>: libvirt then chooses a fitting one');
    if (address.domain !== 0) {
      const spot = { element: addressElement, attribute: 'domain' };
      return [failAt(document, spot, `<${element.name}> is in PCI domain ${address.domain} of the guest, and there is only 0`, { remedy })];
    }
    if (address.slot === 0 || placeOfBus(controllers, address.bus, machineIsQ35) !== 'port') return [];
    const message = `<${element.name}> is in slot ${address.slot} of bus ${address.bus}, a root port, which has slot 0 only (${text})`;
    return [failAt(document, { element: addressElement, attribute: 'slot' }, message, { remedy })];
  });
}
