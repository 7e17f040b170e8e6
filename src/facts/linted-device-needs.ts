import { defineFact } from './fact.ts';
import { lintedDomains } from './linted-domains.ts';
import { mounts } from './mounts.ts';
import { type NeededDevices, neededOf } from './needed-devices.ts';
import { pciDevices } from './pci-devices.ts';

/** {@link NeededDevices} for what the given definitions pass. Looks only when something is passed that the host can stand on. */
export const lintedDeviceNeeds = defineFact({
  id: 'lintedDeviceNeeds',
  needs: { lintedDomains },
  wants: { mounts, pciDevices },
  collect(host, facts): NeededDevices {
    const passed = facts.lintedDomains.documents.flatMap(({ domain }) => domain.pciDevices.map(({ address }) => address));
    const devices = facts.pciDevices.ok ? facts.pciDevices.value : [];
    const useless = new Set(devices.filter(({ classCode }) => NOTHING_ON_IT.test(classCode)).map(({ address }) => address));
    const others = [...new Set(passed)].filter((address) => !useless.has(address)).toSorted();
    return neededOf(host, facts.mounts, others);
  },
});

/** Displays, sound and accelerators: no drive and no network hangs on them. https://pci-ids.ucw.cz/ */
const NOTHING_ON_IT = /^(?:03|04|12)/;
