import type { DomainDocument } from '../../../src/domain/document.ts';
import { parsePciAddress, pciAddressAttributes } from '../../../src/domain/pci-address.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome, Remedy } from '../../../src/engine/outcome.ts';
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
    const devices = hostDevices(document);
    const taken = new Set(devices.map(({ address }) => address));
    return devices.flatMap((given): readonly Outcome[] => {
      if (given.address === null) return [];
      if (present.has(given.address)) return [passAt(document, sourceSpot(given))];
      const instead = likelyMoved(given, pciDevices).filter(({ address }) => !taken.has(address));
      return [
        failAt(document, sourceSpot(given), `${given.address} is not in this host`, {
          expected: 'the address of a device of this host',
          remedy: remedy(
            document,
            given,
            instead.map((device) => ({ address: device.address, name: pciDeviceName(names, device) })),
          ),
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

interface Candidate {
  readonly address: string;
  readonly name: string;
}

function remedy(document: DomainDocument, { element, source }: HostDevice, candidates: readonly Candidate[]): Remedy {
  const [one, ...others] = candidates;
  const address = one === undefined || others.length > 0 ? null : parsePciAddress(one.address);
  if (one === undefined)
    return xmlRemedy(document, `Write the address that lspci -D shows for the device now, or remove the ${element.name}`);
  const written = first(element, 'source', 'address');
  const what = source?.function === 0 ? 'GPU' : 'function beside the GPU';
  if (address === null) {
    const list = candidates.map((candidate) => `${candidate.address} (${candidate.name})`).join(', ');
    return xmlRemedy(document, `Write the address of the device that is meant: here are ${list}`);
  }
  return xmlRemedy(document, `Write the address that it has here: the ${what} is ${one.address} (${one.name})`, {
    ...(written === undefined ? { inside: '<source>' } : { instead: written }),
    write: `<address ${pciAddressAttributes(address)}/>`,
  });
}

/** Where the device may be now: the GPUs of the host, or what is beside them, when the missing one looks like a part of a card. */
function likelyMoved({ source }: HostDevice, devices: readonly PciDevice[]): readonly PciDevice[] {
  if (source === null || source.bus === 0 || source.function > 3) return [];
  const gpus = devices.filter((device) => isGpu(device) && isLikelyGpu(device));
  if (source.function === 0) return gpus.slice(0, 4);
  const beside = new Set(gpus.map(({ address }) => address.replace(/\.0$/, `.${source.function}`)));
  return devices.filter(({ address, classCode }) => beside.has(address) && !classCode.startsWith('03')).slice(0, 4);
}
