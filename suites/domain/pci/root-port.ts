import { isQ35, type PciController, pciControllers, type PciPlace, placeOfBus } from '../../../src/domain/controllers.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { type HostDevice, hostDevices } from '../../../src/domain/host-devices.ts';
import { pciSlotText } from '../../../src/domain/pci-address.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { presentDevices } from '../pci-passthrough.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { isGpu } from '../../../src/facts/gpu-devices.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { groupedBy } from '../../../src/grouped.ts';

export default defineDomainRule({
  id: 'domain/pci/root-port',
  title: 'The GPU is behind a PCI Express root port of the guest',
  severity: 'major',
  wantsHost: ['pciDevices'],
  applies: [(document) => (isQ35(document) ? null : 'the machine has no PCI Express (it is no q35)')],
  why: 'On a conventional bus the guest sees no PCI Express device: no large BARs, no link, and drivers of graphics cards that give up. On the root bus it sees a device of the chipset, without a link.',
  sources: ['https://gitlab.com/qemu-project/qemu/-/blob/v10.0.0/docs/pcie.txt', 'https://libvirt.org/pci-hotplug.html'],
  evaluate(document, { pciDevices }) {
    const controllers = pciControllers(document);
    const cards = pciDevices.ok ? gpusByHost(document, pciDevices.value) : likelyCards(document);
    return cards.flatMap(({ given, device }) => judge(document, given, device, controllers));
  },
});

/** What is to be behind a root port, with the host's view of it where there is one. */
interface Card {
  readonly given: HostDevice;
  readonly device?: PciDevice;
}

/** A conventional card of the host is one in the guest, too. */
function gpusByHost(document: DomainDocument, devices: readonly PciDevice[]): readonly Card[] {
  return presentDevices(document, devices).filter(({ device }) => isGpu(device) && device.link !== null);
}

/** Without the host, what has several functions in a slot of its own is taken for a card. */
function likelyCards(document: DomainDocument): readonly Card[] {
  const slots = groupedBy(hostDevices(document), ({ source }) => (source === null || source.bus === 0 ? null : pciSlotText(source)));
  return [...slots.values()].flatMap((functions): readonly Card[] => {
    const given = functions.find(({ source }) => source?.function === 0);
    const isCard = functions.some(({ source }) => source?.function === 1);
    return given !== undefined && isCard && given.kind === 'hostdev' ? [{ given }] : [];
  });
}

function judge(
  document: DomainDocument,
  given: HostDevice,
  device: PciDevice | undefined,
  controllers: ReadonlyMap<number, PciController>,
): readonly Outcome[] {
  if (given.guest === null || given.guestElement === undefined) return [];
  const place = placeOfBus(controllers, given.guest.bus, true);
  if (place === 'unknown') return [];
  // Graphics of the processor are on the root bus of the host, without a link, and Intel's driver looks for them there.
  const isIntegrated = device !== undefined && device.upstream.length === 0;
  if (place === 'port' || (place === 'root' && isIntegrated)) return [passAt(document, given.guestElement)];
  const controller = controllers.get(given.guest.bus);
  return [
    failAt(document, given.guestElement, `${given.address} is ${WHERE[place]}`, {
      expected: 'a bus of the model pcie-root-port',
      remedy: xmlRemedy(
        document,
        `Remove the <address> of ${given.address} and of the other functions of its card: libvirt then makes root ports for them`,
      ),
      evidence: controller === undefined ? [] : [seenAt(document, controller.element)],
      severity: place === 'root' ? 'minor' : 'major',
    }),
  ];
}

const WHERE: Readonly<Record<Exclude<PciPlace, 'port' | 'unknown'>, string>> = {
  root: 'on the root bus of the guest, where it has no PCI Express link',
  conventional: 'on a conventional PCI bus of the guest',
};
