import { usesLookingGlass } from '../../src/domain/applies.ts';
import type { DomainDocument } from '../../src/domain/document.ts';
import { hostDevices, mediatedDevices } from '../../src/domain/host-devices.ts';
import { passedAddresses } from '../../src/domain/passed-addresses.ts';
import { pciSlotText } from '../../src/domain/pci-address.ts';
import { qemuDevices } from '../../src/domain/qemu-devices.ts';
import { attribute, first, textAt } from '../../src/domain/xml.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import { isGpu } from '../../src/facts/gpu-devices.ts';
import type { PciDevice } from '../../src/facts/pci-devices.ts';

/** Is one of the passed devices a GPU? `reason` says why it is not, or why that is not known. */
type PassesGpu = { readonly answer: 'yes'; readonly because: string } | { readonly answer: 'no'; readonly reason: string };

/** A passed network card must not be taken for a GPU: the host tells, or what only a definition with a GPU has. */
export function passesGpu(document: DomainDocument, pciDevices: Attempt<readonly PciDevice[]>): PassesGpu {
  const given = passedAddresses(document);
  if (pciDevices.ok) {
    const gpu = pciDevices.value.find((device) => given.has(device.address) && isGpu(device));
    if (gpu !== undefined) return { answer: 'yes', because: `${gpu.address} is a GPU` };
  }
  const hint = hintOfGpu(document);
  if (hint !== null) return { answer: 'yes', because: hint };
  if (given.size === 0) return { answer: 'no', reason: 'no GPU is passed through' };
  const present = pciDevices.ok ? new Set(pciDevices.value.map(({ address }) => address)) : null;
  return present !== null && [...given].every((address) => present.has(address))
    ? { answer: 'no', reason: 'none of the passed devices is a GPU' }
    : { answer: 'no', reason: 'whether a passed device is a GPU only the host tells (--host, --from)' };
}

function hintOfGpu(document: DomainDocument): string | null {
  const { root } = document;
  if (usesLookingGlass(document) === null) return 'Looking Glass is used';
  const devices = hostDevices(document);
  if (devices.some(({ rom }) => attribute(rom, 'file') !== null || textAt(rom) !== null)) return 'a passed device has a <rom> file';
  if (mediatedDevices(document).some((device) => attribute(device, 'model') === 'vfio-pci')) return 'a slice of a GPU is passed through';
  if (qemuDevices(document).some(({ properties }) => properties.has('x-vga'))) return 'x-vga on the QEMU command line';
  const features = first(root, 'features');
  const hides = attribute(first(features, 'kvm', 'hidden'), 'state') === 'on' || first(features, 'hyperv', 'vendor_id') !== undefined;
  if (hides && devices.length > 0) return 'KVM is hidden from the guest, as for a driver of NVIDIA';
  const slots = new Set(devices.flatMap(({ source }) => (source?.function === 0 ? [pciSlotText(source)] : [])));
  const isPair = devices.some(({ kind, source }) => kind === 'hostdev' && source?.function === 1 && slots.has(pciSlotText(source)));
  return isPair ? 'a device is passed with its second function, as GPUs are with their audio' : null;
}
