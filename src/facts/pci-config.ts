import { mapReading, ok, type Reading, unreadable } from '../host/reading.ts';
import { defineFact } from './fact.ts';
import { passthrough } from './passthrough.ts';
import { parsePciConfigSpace, type PciConfigSpace } from './pci-config-space.ts';
import { functionsOfSlot, isDisplay, type PciDevice, pciDevices } from './pci-devices.ts';

/** Configuration spaces by address. A device that is missing here was not asked for. */
export type PciConfig = ReadonlyMap<string, Reading<PciConfigSpace>>;

/**
 * The configuration space of what passthrough depends on: display devices with the other functions of their slots, all
 * that is passed through, the members of their IOMMU groups, and the bridges above. Not of every device, because a space
 * of 4 KiB costs a millisecond of hardware time and wakes the device.
 */
export const pciConfig = defineFact({
  id: 'pciConfig',
  needs: { pciDevices },
  wants: { passthrough },
  collect(host, facts): PciConfig {
    const passed = facts.passthrough.ok ? facts.passthrough.value.devices : [];
    return new Map(
      addressesToRead(facts.pciDevices, passed).map((address) => {
        const bytes = host.read(`/sys/bus/pci/devices/${address}/config`, 4096);
        return [address, toSpace(mapReading(bytes, parsePciConfigSpace))];
      }),
    );
  },
});

function toSpace(reading: Reading<PciConfigSpace | null>): Reading<PciConfigSpace> {
  if (reading.state !== 'ok') return reading;
  return reading.value === null ? unreadable('failed', 'shorter than a header') : ok(reading.value);
}

/** Sorted, each once. */
export function addressesToRead(devices: readonly PciDevice[], passed: readonly string[]): string[] {
  const seeds = devices.filter((device) => isDisplay(device) || passed.includes(device.address));
  const slots = seeds.flatMap(({ address }) => functionsOfSlot(devices, address));
  const groups = new Set(slots.flatMap(({ iommuGroup }) => (iommuGroup.state === 'ok' ? [iommuGroup.value] : [])));
  const members = devices.filter(({ iommuGroup }) => iommuGroup.state === 'ok' && groups.has(iommuGroup.value));
  const chosen = [...seeds, ...slots, ...members];
  return [...new Set(chosen.flatMap(({ address, upstream }) => [address, ...upstream]))].toSorted();
}
