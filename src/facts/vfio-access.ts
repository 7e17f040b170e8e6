import type { Reading } from '../host/reading.ts';
import type { FileStat } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { passthrough } from './passthrough.ts';
import { pciDevices } from './pci-devices.ts';

/** The device through which QEMU gets a whole IOMMU group. */
export interface VfioGroupDevice {
  /** `/dev/vfio/12` */
  readonly path: string;
  /** Addresses of the passed-through devices in that group. */
  readonly devices: readonly string[];
  /** Absent: no device of the group is bound to a driver of VFIO. */
  readonly stat: Reading<FileStat>;
  /** May whoever runs passcheck read and write it, access control lists included? */
  readonly callerMayUse: Reading<boolean>;
}

/** The group devices of what is passed through, sorted by path. https://docs.kernel.org/driver-api/vfio.html */
export const vfioAccess = defineFact({
  id: 'vfioAccess',
  needs: { passthrough, pciDevices },
  collect(host, facts): readonly VfioGroupDevice[] {
    const passed = facts.pciDevices.filter(({ address }) => facts.passthrough.devices.includes(address));
    const groups = new Set(passed.flatMap(({ iommuGroup }) => (iommuGroup.state === 'ok' ? [iommuGroup.value] : [])));
    return [...groups].toSorted().map((group) => {
      const path = `/dev/vfio/${group}`;
      const devices = passed.filter(({ iommuGroup }) => iommuGroup.state === 'ok' && iommuGroup.value === group);
      return { path, devices: devices.map(({ address }) => address), stat: host.stat(path), callerMayUse: host.writable(path) };
    });
  },
});
