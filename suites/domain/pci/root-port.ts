import { isQ35, type PciController, pciControllers, type PciPlace, placeOfBus } from '../../../src/domain/controllers.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { bySlot, type HostDevice, hostDevices } from '../../../src/domain/host-devices.ts';
import { pciSlotText } from '../../../src/domain/pci-address.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { isGpu } from '../../../src/facts/gpu-devices.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';

export default defineDomainRule({
  id: 'domain/pci/root-port',
  title: 'The GPU is behind a PCI Express root port of the guest',
  severity: 'major',
  wantsHost: ['pciDevices'],
  applies: [(document) => (isQ35(document) ? null : 'the machine has no PCI Express (it is no q35)')],
  why: 'On a conventional bus the guest sees no PCI Express device: no large BARs, no link, and drivers of graphics cards that give up. On the root bus it sees a device of the chipset, without a link.',
  sources: [
    'https://www.qemu.org/docs/master/system/devices/vfio.html',
    'https://gitlab.com/qemu-project/qemu/-/blob/v10.0.0/docs/pcie.txt',
    'https://libvirt.org/pci-hotplug.html',
  ],
  evaluate(document, { pciDevices }) {
    const controllers = pciControllers(document);
    const cards = pciDevices.ok ? gpusByHost(document, pciDevices.value) : likelyCards(document);
    return cards.flatMap((device) => judge(document, device, controllers));
  },
});

function gpusByHost(document: DomainDocument, devices: readonly PciDevice[]): readonly HostDevice[] {
  const gpus = new Set(devices.filter(isGpu).map(({ address }) => address));
  return hostDevices(document).filter(({ address }) => address !== null && gpus.has(address));
}

/** Without the host, what has several functions in a slot of its own and a ROM or a sound function is taken for a card. */
function likelyCards(document: DomainDocument): readonly HostDevice[] {
  const slots = bySlot(hostDevices(document), ({ source }) => (source === null || source.bus === 0 ? null : pciSlotText(source)));
  return [...slots.values()].flatMap((functions) => {
    const first = functions.find(({ source }) => source?.function === 0);
    const isCard = functions.some(({ source }) => source?.function === 1);
    return first !== undefined && isCard && first.kind === 'hostdev' ? [first] : [];
  });
}

function judge(document: DomainDocument, device: HostDevice, controllers: ReadonlyMap<number, PciController>): readonly Outcome[] {
  if (device.guest === null || device.guestElement === undefined) return [];
  const place = placeOfBus(controllers, device.guest.bus, true);
  const controller = controllers.get(device.guest.bus);
  if (place === 'port') return [passAt(document, device.guestElement)];
  if (place === 'unknown') return [];
  return [
    failAt(document, device.guestElement, `${device.address} is ${WHERE[place]}`, {
      expected: 'a bus of the model pcie-root-port',
      remedy: xmlRemedy(
        document,
        'Remove the <address> of the hostdev: libvirt then makes a root port for it (other functions of the card go with it, see domain/pci/functions-together)',
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
