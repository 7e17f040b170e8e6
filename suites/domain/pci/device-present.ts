import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { hostDevices, type HostDevice } from '../../../src/domain/host-devices.ts';
import { isGpu, isLikelyGpu } from '../../../src/facts/gpu-devices.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { pciDeviceName } from '../../../src/facts/pci-names.ts';
import { givesHostDevice, sourceSpot } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/device-present',
  title: 'Every PCI device that the domain is given is in the host',
  severity: 'blocker',
  host: ['pciDevices'],
  wantsHost: ['pciNames'],
  applies: [givesHostDevice],
  why: 'libvirt does not start a domain with a device that is not there. Addresses change when a card is added or moved, and with settings of the firmware.',
  sources: ['https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate(document, { pciDevices, pciNames }) {
    const present = new Set(pciDevices.map(({ address }) => address));
    const names = pciNames.ok ? pciNames.value : new Map<string, string>();
    return hostDevices(document).flatMap((given): readonly Outcome[] => {
      if (given.address === null) return [];
      if (present.has(given.address)) return [passAt(document, sourceSpot(given))];
      const instead = likelyMoved(given, pciDevices);
      return [
        failAt(document, sourceSpot(given), `${given.address} is not in this host`, {
          expected: 'the address of a device of this host',
          remedy: xmlRemedy(document, `Write the address that lspci -D shows for the device now, or remove the ${given.element.name}`),
          evidence: [
            { source: `/sys/bus/pci/devices/${given.address}`, observed: 'not there' },
            ...instead.map((device) => ({
              source: `/sys/bus/pci/devices/${device.address}`,
              observed: pciDeviceName(names, device),
            })),
          ],
        }),
      ];
    });
  },
});

/** Where the device may be now: the GPUs of the host, when the missing one looks like a card in a slot. */
function likelyMoved({ source }: HostDevice, devices: readonly PciDevice[]): readonly PciDevice[] {
  if (source === null || source.bus === 0 || source.function > 1) return [];
  return devices.filter((device) => isGpu(device) && isLikelyGpu(device)).slice(0, 4);
}
