import { PCI_ADDRESS } from '../../facts/pci-devices.ts';
import { readAttribute } from '../../facts/read.ts';
import { mapReading, type Reading } from '../../host/reading.ts';
import type { HostSource } from '../../host/source.ts';

const DEVICES = '/sys/bus/pci/devices';

/** Vendor:device of each PCI function by its address. Absent: this machine has no PCI. */
export function hostPciIds(host: HostSource): Reading<ReadonlyMap<string, string>> {
  return mapReading(host.list(DEVICES), (names) => {
    const ids = names
      .filter((name) => PCI_ADDRESS.test(name))
      .flatMap((address): [string, string][] => {
        const [vendor, device] = ['vendor', 'device'].map((name) => hex(host, `${DEVICES}/${address}/${name}`));
        return vendor === undefined || device === undefined || vendor === null || device === null ? [] : [[address, `${vendor}:${device}`]];
      });
    return new Map(ids);
  });
}

/** `0x10de`; null for a device that went away meanwhile. */
function hex(host: HostSource, path: string): string | null {
  const value = readAttribute(host, path);
  return value.state === 'ok' ? (/^0x([0-9a-f]{4})$/i.exec(value.value)?.[1]?.toLowerCase() ?? null) : null;
}
