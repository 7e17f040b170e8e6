import type { DomainDocument } from '../../../src/domain/document.ts';
import { exclusiveDevices } from '../../../src/domain/host-devices.ts';
import { parsePciAddress, pciAddressText } from '../../../src/domain/pci-address.ts';
import { qemuDevices } from '../../../src/domain/qemu-devices.ts';
import type { Spot } from '../../../src/domain/locate.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

interface Use {
  readonly address: string;
  readonly spot: Spot;
  readonly what: string;
}

export default defineDomainRule({
  id: 'domain/pci/device-once',
  title: 'Each PCI device of the host, and each slice of one, is given to the domain once',
  severity: 'blocker',
  why: 'libvirt refuses a definition that gives one device twice ("Hostdev already exists in the domain configuration"), and QEMU a device that it has already opened.',
  sources: ['https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate(document) {
    const first = new Map<string, Use>();
    return usesOf(document).map((use) => {
      const other = first.get(use.address);
      if (other === undefined) {
        first.set(use.address, use);
        return passAt(document, use.spot);
      }
      return failAt(document, use.spot, `${use.address} is given twice, by <${other.what}> and by <${use.what}>`, {
        remedy: xmlRemedy(document, `Remove this <${use.what}>, or write the address of the device that was meant`),
        evidence: [seenAt(document, other.spot)],
      });
    });
  },
});

function usesOf(document: DomainDocument): readonly Use[] {
  const drives = new Set<string>();
  const given = exclusiveDevices(document).flatMap(({ id, element, named }): readonly Use[] => {
    // An NVMe drive may be given in parts, one disk for each name space.
    const isPart = element.name === 'disk' && drives.has(id);
    if (element.name === 'disk') drives.add(id);
    return isPart ? [] : [{ address: id, spot: named, what: element.name }];
  });
  const byQemu = qemuDevices(document).flatMap(({ driver, properties, element }): readonly Use[] => {
    const address = driver === 'vfio-pci' ? parsePciAddress(properties.get('host') ?? '') : null;
    return address === null ? [] : [{ address: pciAddressText(address), spot: element, what: 'qemu:arg' }];
  });
  return [...given, ...byQemu];
}
