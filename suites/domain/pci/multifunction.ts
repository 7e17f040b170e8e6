import { isQ35, type PlacedDevice, placedDevices } from '../../../src/domain/controllers.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { setAttribute } from '../../../src/domain/edit.ts';
import { pciAddressText, pciSlotText } from '../../../src/domain/pci-address.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { groupedBy } from '../../../src/grouped.ts';

export default defineDomainRule({
  id: 'domain/pci/multifunction',
  title: 'A slot of the guest with several functions has a function 0 that says so',
  severity: 'blocker',
  why: 'A guest looks at functions 1 to 7 only when there is a function 0 that claims to have more: without one the guest does not see the device, and with multifunction off QEMU does not start.',
  sources: ['https://libvirt.org/formatdomain.html#device-addresses', 'https://libvirt.org/pci-addresses.html'],
  evaluate(document) {
    const slots = groupedBy(placedDevices(document), ({ address }) => pciSlotText(address));
    return [...slots].flatMap(([slot, group]) => judge(document, slot, group));
  },
});

function judge(document: DomainDocument, slot: string, group: readonly PlacedDevice[]): readonly Outcome[] {
  const others = group.filter(({ address }) => address.function !== 0);
  const [other] = others;
  if (other === undefined) return [];
  const zero = group.find(({ address }) => address.function === 0);
  if (zero === undefined && isOfMachine(document, other)) return [];
  if (zero === undefined) return [withoutZero(document, slot, other)];
  const written = attribute(zero.addressElement, 'multifunction');
  if (written === 'on') return [passAt(document, zero.addressElement)];
  // libvirt adds what is missing, and believes what is written. src/conf/domain_addr.c, virDomainPCIAddressSetAllMulti
  if (written === null)
    return [passAt(document, zero.addressElement, `libvirt sets multifunction='on' at ${pciAddressText(zero.address)}`)];
  return [
    failAt(
      document,
      { element: zero.addressElement, attribute: 'multifunction' },
      `${pciAddressText(zero.address)} claims to be the only function of its slot, and ${pciAddressText(other.address)} is in it too`,
      {
        expected: "multifunction='on'",
        remedy: xmlRemedy(document, "Set multifunction='on' at function 0"),
        evidence: [seenAt(document, other.addressElement)],
        edits: [setAttribute(document, zero.addressElement, 'multifunction', 'on')],
      },
    ),
  ];
}

/** Of these slots the machine itself has function 0: the host bridge, and the ISA bridge of Q35 and i440FX. hw/i386/pc_{q35,piix}.c */
function isOfMachine(document: DomainDocument, { address }: PlacedDevice): boolean {
  return address.bus === 0 && (address.slot === 0 || address.slot === (isQ35(document) ? 0x1f : 1));
}

function withoutZero(document: DomainDocument, slot: string, { element, addressElement, address }: PlacedDevice): Outcome {
  return failAt(
    document,
    { element: addressElement, attribute: 'function' },
    `<${element.name}> is function ${address.function} of guest slot ${slot}, which has no function 0: the guest does not see it`,
    {
      expected: 'a device at function 0 of the slot',
      remedy: xmlRemedy(document, 'Put the first device of the card at function 0, or remove the <address>: libvirt then chooses'),
      severity: 'major',
    },
  );
}
