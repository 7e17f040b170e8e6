import type { DomainDocument } from '../../../src/domain/document.ts';
import { type HostDevice, hostDevices } from '../../../src/domain/host-devices.ts';
import { pciAddressAttributes, pciSlotText } from '../../../src/domain/pci-address.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { groupedBy } from '../../../src/grouped.ts';

export default defineDomainRule({
  id: 'domain/pci/functions-together',
  title: 'The functions of one card are one card in the guest, in the same order',
  severity: 'info',
  // virt-manager writes it so for everybody, and it works for nearly all of them.
  why: 'Drivers expect sound and USB-C of a graphics card in the slot of the card. Most cope when each has a slot of its own, which is what virt-manager writes; some laptop and USB-C drivers do not.',
  sources: ['https://libvirt.org/formatdomain.html#device-addresses', 'https://libvirt.org/pci-addresses.html'],
  evaluate(document) {
    const placed = hostDevices(document).filter(({ guest, kind }) => guest !== null && kind === 'hostdev');
    const cards = groupedBy(placed, ({ source }) => (source === null || isOfChipset(source) ? null : pciSlotText(source)));
    return [...cards.values()].flatMap((functions) => judge(document, functions));
  },
});

/** On the root bus a slot holds unrelated devices of the chipset: 00:1f.3 is sound, 00:1f.5 a flash chip. */
function isOfChipset({ bus }: { readonly bus: number }): boolean {
  return bus === 0;
}

function judge(document: DomainDocument, functions: readonly HostDevice[]): readonly Outcome[] {
  const sorted = functions.toSorted((a, b) => (a.source?.function ?? 0) - (b.source?.function ?? 0));
  const [first, ...others] = sorted;
  if (first === undefined || others.length === 0 || first.guest === null) return [];
  const slot = pciSlotText(first.guest);
  const apart = others.find(({ guest }) => guest !== null && pciSlotText(guest) !== slot);
  if (apart !== undefined)
    return [failed(document, apart, first, `is in another guest slot than ${first.address}: harmless for most drivers`, functions)];
  const moved = sorted.find(({ guest }, index) => index > 0 && (guest?.function ?? 0) <= (sorted[index - 1]?.guest?.function ?? 0));
  if (moved !== undefined) return [failed(document, moved, first, 'comes before a lower function of its card in the guest', functions)];
  return [passAt(document, first.guestElement ?? first.element)];
}

function failed(document: DomainDocument, device: HostDevice, first: HostDevice, what: string, all: readonly HostDevice[]): Outcome {
  const spot = device.guestElement ?? device.element;
  const guest = first.guest === null ? '' : pciSlotText(first.guest);
  return failAt(document, spot, `${device.address} ${what}`, {
    expected: `${all.length} functions of ${guest}, numbered as on the host`,
    remedy: xmlRemedy(
      document,
      `Give ${device.address} the bus and slot of ${first.address}, the function number that it has on the host, and function 0 multifunction='on'`,
      {
        inside: `the hostdev of ${device.address}`,
        write: addressFor(device, first),
      },
    ),
    evidence: [seenAt(document, first.guestElement ?? first.element)],
  });
}

function addressFor({ source }: HostDevice, { guest }: HostDevice): string {
  if (guest === null || source === null) return "<address type='pci'/>";
  return `<address type='pci' ${pciAddressAttributes({ ...guest, function: source.function })}/>`;
}
