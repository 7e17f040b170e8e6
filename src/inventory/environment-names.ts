/** Names of the rows that say for which software and settings results hold. */
export const ENVIRONMENT_NAMES: readonly string[] = [
  'Distribution',
  'Boot loader',
  'Initramfs tool',
  'Kernel',
  'Kernel command line',
  'Microcode',
  'libvirt',
  'libvirt daemon',
  'libvirt connection',
  'QEMU',
  'UEFI for guests',
  'Boot mode',
  'Secure Boot',
  'Kernel lockdown',
  'IOMMU',
  'Unsafe interrupts of VFIO',
  'CPU governor',
  'Isolated CPUs',
  'CPUs without timer tick',
  'Hugepages',
  'Transparent hugepages',
  'Merging of equal pages (KSM)',
  'Booted by',
  'Root file system',
  'Home file system',
  'User',
  'Networks',
];

const BEGINNINGS = ['Module', 'Network', 'QEMU of'];

/** Can a row have this name? */
export function isEnvironmentName(name: string): boolean {
  return ENVIRONMENT_NAMES.includes(name) || BEGINNINGS.some((beginning) => name.startsWith(`${beginning} `));
}
