import type { DomainDocument } from '../../src/domain/document.ts';
import { passedAddresses } from '../../src/domain/passed-addresses.ts';
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
