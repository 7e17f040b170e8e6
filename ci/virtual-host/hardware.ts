/** The machine that QEMU emulates. */
export interface Hardware {
  /** `amd` has SVM, so /dev/kvm works inside; software emulation has no VT-x for `intel`. */
  readonly iommu: 'amd' | 'intel' | 'none';
  /** Words for the kernel command line. */
  readonly commandLine?: string;
  /** Which display devices and what stands beside them; `-device` arguments. */
  readonly devices: readonly string[];
  /** `-smp`, `-numa` and `-object` words; two CPUs without nodes unless told. */
  readonly processors?: readonly string[];
  readonly memoryMiB?: number;
  /** Boots through OVMF instead of SeaBIOS. */
  readonly uefi?: boolean;
}

const PORT = 'pcie-root-port,id=rp1,bus=pcie.0,chassis=1,slot=1,addr=4';
const HOST_VGA = 'VGA,bus=pcie.0,addr=2';

/** A display for the host and a GPU 1002:5046 with an audio function 8086:2668 alone behind a root port: 0000:01:00.0 and .1. */
export const CLEAN = [HOST_VGA, PORT, 'ati-vga,bus=rp1,addr=0.0,multifunction=on', 'intel-hda,bus=rp1,addr=0.1'];

/** The GPU sits behind a PCIe-to-PCI bridge next to a network card: one IOMMU group. 0000:02:01.0 and .1, the card 02:02.0. */
export const SHARED_GROUP = [
  HOST_VGA,
  PORT,
  'pcie-pci-bridge,id=br1,bus=rp1',
  'ati-vga,bus=br1,addr=1.0,multifunction=on',
  'intel-hda,bus=br1,addr=1.1',
  'e1000,bus=br1,addr=2',
];

/** The GPU is the only, and so the boot, display. */
export const ONLY_DISPLAY = [PORT, 'ati-vga,bus=rp1,addr=0.0,multifunction=on', 'intel-hda,bus=rp1,addr=0.1'];

/** Two GPUs with the same vendor:device, each alone behind its port: 0000:01:00.0 and 0000:02:00.0. */
export const IDENTICAL_GPUS = [...CLEAN, 'pcie-root-port,id=rp2,bus=pcie.0,chassis=2,slot=2,addr=6', 'ati-vga,bus=rp2,addr=0.0'];

/** A PCI Express display 1234:1111 (class 0x0380) at 0000:01:00.0 for which the host has a driver, bochs. */
export const BOCHS = [HOST_VGA, PORT, 'bochs-display,bus=rp1'];

/** The GPU behind an expander bridge of NUMA node 1: 0000:41:00.0 and .1. */
export const NODE_1_GPU = [
  HOST_VGA,
  'pxb-pcie,id=pxb1,bus=pcie.0,bus_nr=64,numa_node=1,addr=5',
  'pcie-root-port,id=rp1,bus=pxb1,chassis=1,slot=1',
  'ati-vga,bus=rp1,addr=0.0,multifunction=on',
  'intel-hda,bus=rp1,addr=0.1',
];

/** Two NUMA nodes with two CPUs each. */
export const TWO_NODES = [
  '-smp',
  '4,sockets=2,cores=2',
  '-object',
  'memory-backend-ram,id=a,size=1536M',
  '-object',
  'memory-backend-ram,id=b,size=1536M',
  '-numa',
  'node,nodeid=0,cpus=0-1,memdev=a',
  '-numa',
  'node,nodeid=1,cpus=2-3,memdev=b',
];

/** Two NUMA nodes with four CPUs, an L3 cache and 8 GiB each. */
export const WORKSTATION_NODES = [
  '-smp',
  '8,sockets=2,cores=4',
  '-object',
  'memory-backend-ram,id=a,size=8G',
  '-object',
  'memory-backend-ram,id=b,size=8G',
  '-numa',
  'node,nodeid=0,cpus=0-3,memdev=a',
  '-numa',
  'node,nodeid=1,cpus=4-7,memdev=b',
];

/** QEMU's arguments for this hardware, without disks, kernel and console. */
export function qemuArguments({ iommu, devices, processors = ['-smp', '2'], memoryMiB = 3072, uefi = false }: Hardware): string[] {
  const board = {
    amd: ['-cpu', 'EPYC', '-device', 'amd-iommu,intremap=on'],
    intel: ['-cpu', 'Skylake-Client-v4', '-device', 'intel-iommu,intremap=on,caching-mode=on'],
    none: ['-cpu', 'EPYC'],
  }[iommu];
  return [
    '-accel', 'tcg,thread=multi', '-machine', 'q35,kernel-irqchip=split', ...board, ...processors, '-m', String(memoryMiB),
    '-smbios', 'type=1,manufacturer=passcheck,product=virtual-host', ...(uefi ? ['-bios', '/usr/share/ovmf/OVMF.fd'] : []),
    '-display', 'none', '-nodefaults', '-no-reboot', ...devices.flatMap((device) => ['-device', device]),
  ]; // prettier-ignore
}
