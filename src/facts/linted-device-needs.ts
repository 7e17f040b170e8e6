import { defineFact } from './fact.ts';
import { lintedDomains } from './linted-domains.ts';
import { mounts } from './mounts.ts';
import { type NeededDevices, neededOf } from './needed-devices.ts';
import { type PciDevice, pciDevices } from './pci-devices.ts';

/** {@link NeededDevices} for what the given definitions pass. Looks only when something is passed that the host can stand on. */
export const lintedDeviceNeeds = defineFact({
  id: 'lintedDeviceNeeds',
  needs: { lintedDomains },
  wants: { mounts, pciDevices },
  collect(host, facts): NeededDevices {
    const passed = facts.lintedDomains.documents.flatMap(({ domain }) => domain.pciDevices.map(({ address }) => address));
    const devices = facts.pciDevices.ok ? facts.pciDevices.value : [];
    const useless = new Set(devices.filter((device) => !canCarryHost(device)).map(({ address }) => address));
    const others = [...new Set(passed)].filter((address) => !useless.has(address)).toSorted();
    return neededOf(host, facts.mounts, others);
  },
});

/** Can a drive or a network hang on it? Not on displays, sound and accelerators. https://pci-ids.ucw.cz/ */
export function canCarryHost({ classCode }: Pick<PciDevice, 'classCode'>): boolean {
  return !/^(?:03|04|12)/.test(classCode);
}
