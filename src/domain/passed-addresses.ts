import { hostDevices } from './host-devices.ts';
import { parsePciAddress, pciAddressText } from './pci-address.ts';
import { perRoot } from './per-root.ts';
import { qemuDevices } from './qemu-devices.ts';

/** Addresses on the host (`0000:01:00.0`) of the PCI devices that a domain is given, by libvirt or by arguments for QEMU. */
export const passedAddresses = perRoot((root): ReadonlySet<string> => {
  const byLibvirt = hostDevices({ root }).flatMap(({ address }) => address ?? []);
  const byQemu = qemuDevices({ root }).flatMap(({ driver, properties }) => {
    const address = driver?.startsWith('vfio-pci') === true ? parsePciAddress(properties.get('host') ?? '') : null;
    return address === null ? [] : [pciAddressText(address)];
  });
  return new Set([...byLibvirt, ...byQemu]);
});
