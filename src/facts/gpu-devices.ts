import { functionsOfSlot, isDisplay, type PciDevice } from './pci-devices.ts';

// Which PCI functions are graphics cards, and what belongs to one.

/** A display device (class 0x03) or an accelerator (class 0x1200: AMD Instinct, Habana; NVIDIA's have 0x0302). */
export function isGpu(device: Pick<PciDevice, 'classCode'>): boolean {
  return device.classCode.startsWith('03') || device.classCode.startsWith('1200');
}

/**
 * Graphics of a board's management controller, which only shows the console: ASPEED, Matrox G200, HiSilicon, XGI, and of ATI
 * the ES1000 and Rage XL. https://pci-ids.ucw.cz/
 */
const MANAGEMENT_VENDORS = new Set(['1a03', '102b', '19e5', '18ca']);
const MANAGEMENT_IDS = new Set(['1002:515e', '1002:4752', '126f:0750']);

/** Is this the display of a management controller (BMC)? */
export function isManagementDisplay({ vendor, device }: Pick<PciDevice, 'vendor' | 'device'>): boolean {
  return MANAGEMENT_VENDORS.has(vendor) || MANAGEMENT_IDS.has(`${vendor}:${device}`);
}

/** Displays that hypervisors emulate: QEMU's VGA, QXL, virtio-gpu, VMware, VirtualBox, Hyper-V, Cirrus. https://pci-ids.ucw.cz/ */
const EMULATED_IDS = new Set(['1234:1111', '1b36:0100', '1af4:1050', '15ad:0405', '80ee:beef', '1414:5353', '1013:00b8']);

/** Is this the display that a hypervisor gave this virtual machine? */
export function isEmulatedDisplay({ vendor, device }: Pick<PciDevice, 'vendor' | 'device'>): boolean {
  return EMULATED_IDS.has(`${vendor}:${device}`);
}

/** Could this be the GPU that is meant although nothing names it? Virtual functions, management and emulated displays are not. */
export function isLikelyGpu(device: PciDevice): boolean {
  if (!isGpu(device) || device.physicalFunction !== null) return false;
  if (isManagementDisplay(device) || isEmulatedDisplay(device)) return false;
  // The neural unit of a processor is class 0x1200 too; it sits on the root bus.
  return isDisplay(device) || device.upstream.length > 0;
}

/**
 * Graphics that is part of the processor: Intel's is always function 00:02.0, AMD's shares its slot with the platform's
 * encryption controller (class 0x1080).
 */
export function isIntegrated(devices: readonly PciDevice[], gpu: PciDevice): boolean {
  return (gpu.vendor === '8086' && gpu.address.endsWith(':00:02.0')) || sharesSlotWithPlatform(devices, gpu);
}

/**
 * The functions that go with a GPU, itself included, sorted by address: the whole slot. Not so for a virtual function, whose
 * slot holds its siblings, and for AMD's integrated graphics, whose slot holds USB and security of the host (vendor 1022).
 */
export function gpuFunctions(devices: readonly PciDevice[], gpu: PciDevice): readonly PciDevice[] {
  if (gpu.physicalFunction !== null) return [gpu];
  const slot = functionsOfSlot(devices, gpu.address).filter((device) => device.physicalFunction === null);
  return sharesSlotWithPlatform(devices, gpu) ? slot.filter((device) => device.vendor === gpu.vendor) : slot;
}

/** These addresses, as far as they are there, with everything that goes with a GPU among them; sorted. */
export function withGpuFunctions(devices: readonly PciDevice[], addresses: readonly string[]): readonly string[] {
  const given = new Set(addresses);
  const present = devices.filter(({ address }) => given.has(address));
  const functions = firstOfSlot(present.filter(isGpu)).flatMap((gpu) => gpuFunctions(devices, gpu));
  return [...new Set([...present, ...functions].map(({ address }) => address))].toSorted();
}

/** One display device for each slot: old cards have a second display function for their second output. */
export function firstOfSlot(devices: readonly PciDevice[]): readonly PciDevice[] {
  const seen = new Set<string>();
  return devices.filter(({ address, physicalFunction }) => {
    const slot = physicalFunction === null ? address.slice(0, address.lastIndexOf('.')) : address;
    const isFirst = !seen.has(slot);
    seen.add(slot);
    return isFirst;
  });
}

function sharesSlotWithPlatform(devices: readonly PciDevice[], gpu: PciDevice): boolean {
  return (
    gpu.vendor === '1002' &&
    functionsOfSlot(devices, gpu.address).some(({ classCode, vendor }) => vendor === '1022' && classCode.startsWith('1080'))
  );
}

/** `vfio-pci` and its variants for single devices (`nvgrace-gpu-vfio-pci`, `mlx5_vfio_pci`, `xe-vfio-pci`). */
export function isVfioDriver(driver: string): boolean {
  return /^(?:[a-z0-9-]+-)?vfio-pci$/.test(driver.replaceAll('_', '-'));
}

/** What a function of a graphics card is for, in a word. */
export function functionName({ classCode }: Pick<PciDevice, 'classCode'>): string {
  const [, name] = FUNCTION_NAMES.find(([prefix]) => classCode.startsWith(prefix)) ?? [];
  return name ?? `class ${classCode}`;
}

const FUNCTION_NAMES: readonly (readonly [string, string])[] = [
  ['03', 'graphics'],
  ['1200', 'accelerator'],
  ['0403', 'audio'],
  ['0401', 'audio'],
  ['0c03', 'USB'],
  ['0c80', 'USB-C'],
];
