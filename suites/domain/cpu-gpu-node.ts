import type { DomainDocument } from '../../src/domain/document.ts';
import { parsePciAddress, pciAddressText } from '../../src/domain/pci-address.ts';
import { qemuDevices } from '../../src/domain/qemu-devices.ts';
import { isDisplay, type PciDevice } from '../../src/facts/pci-devices.ts';

/** The NUMA node of a domain's GPU, and which GPU says so; or why it is not known. */
export type GpuNode = { readonly node: number; readonly gpu: PciDevice } | { readonly reason: string };

/** The node of the first GPU that is given to a domain, by libvirt or by arguments for QEMU. */
export function gpuNode(document: DomainDocument, devices: readonly PciDevice[]): GpuNode {
  const given = passedAddresses(document);
  const gpus = devices.filter((device) => given.has(device.address) && isDisplay(device));
  if (gpus.length === 0) return { reason: 'no GPU of this host is passed through' };
  const found = gpus.find(({ numaNode }) => numaNode !== null);
  if (found === undefined || found.numaNode === null)
    return { reason: `the firmware does not say on which NUMA node ${gpus[0]?.address ?? ''} is` };
  return { node: found.numaNode, gpu: found };
}

/** Addresses on the host of the PCI devices that a domain is given. */
function passedAddresses(document: DomainDocument): ReadonlySet<string> {
  const byQemu = qemuDevices(document).flatMap(({ driver, properties }) => {
    const address = driver?.startsWith('vfio-pci') === true ? parsePciAddress(properties.get('host') ?? '') : null;
    return address === null ? [] : [pciAddressText(address)];
  });
  return new Set([...document.domain.pciDevices.map(({ address }) => address), ...byQemu]);
}
