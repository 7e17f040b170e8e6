import { defineFact } from './fact.ts';
import { lintedDomains } from './linted-domains.ts';
import { mounts } from './mounts.ts';
import { type NeededDevices, neededOf } from './needed-devices.ts';

/** {@link NeededDevices} for what the given definitions pass, GPUs included. Looks only when they pass something. */
export const lintedDeviceNeeds = defineFact({
  id: 'lintedDeviceNeeds',
  needs: { lintedDomains },
  wants: { mounts },
  collect(host, facts): NeededDevices {
    const passed = facts.lintedDomains.documents.flatMap(({ domain }) => domain.pciDevices.map(({ address }) => address));
    return neededOf(host, facts.mounts, [...new Set(passed)].toSorted());
  },
});
