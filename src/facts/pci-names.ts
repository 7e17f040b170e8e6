import { defineFact } from './fact.ts';
import { type PciDevice, pciDevices } from './pci-devices.ts';
import { parsePciIds, type PciIdQuery, type PciNames } from './pci-ids.ts';

/** Where distributions put it; the last two are NixOS with and without the package in the system profile. */
export const PCI_IDS_FILES = [
  '/usr/share/hwdata/pci.ids',
  '/usr/share/misc/pci.ids',
  '/usr/share/pci.ids',
  '/var/lib/pciutils/pci.ids',
  '/run/current-system/sw/share/hwdata/pci.ids',
  '/run/current-system/sw/share/pci.ids',
] as const;

/** 1.4 MB in 2026. */
const PCI_IDS_LIMIT = 8 * 1024 * 1024;

/** Names of the devices that are there; empty where no pci.ids can be read, because names decide nothing. */
export const pciNames = defineFact({
  id: 'pciNames',
  needs: { pciDevices },
  collect(host, facts): PciNames {
    for (const path of PCI_IDS_FILES) {
      const bytes = host.read(path, PCI_IDS_LIMIT);
      if (bytes.state === 'ok') return readNames(bytes.value, facts.pciDevices);
    }
    return new Map();
  },
});

/** Searched as Latin-1, which costs a fifth of decoding it; the few names that are kept are decoded then. */
function readNames(bytes: Uint8Array, ids: readonly PciIdQuery[]): PciNames {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const names = [...parsePciIds(text, ids)];
  return new Map(names.map(([key, name]) => [key, Buffer.from(name, 'latin1').toString('utf8')]));
}

/** `NVIDIA Corporation AD102 [GeForce RTX 4090]`; `10de:2684` where the name is not known. */
export function pciDeviceName(names: PciNames, { vendor, device }: Pick<PciDevice, 'vendor' | 'device'>): string {
  const vendorName = names.get(vendor);
  const deviceName = names.get(`${vendor}:${device}`);
  if (vendorName === undefined) return `${vendor}:${device}`;
  return deviceName === undefined ? `${vendorName} ${vendor}:${device}` : `${vendorName} ${deviceName}`;
}

/** `VGA compatible controller`; null where the class has no name. */
export function pciClassName(names: PciNames, { classCode }: Pick<PciDevice, 'classCode'>): string | null {
  return names.get(`class:${classCode.slice(0, 4)}`) ?? names.get(`class:${classCode.slice(0, 2)}`) ?? null;
}
