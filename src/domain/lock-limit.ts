import { guestMemoryOf } from './guest-memory.ts';
import { sizeOf } from './memory-size.ts';
import type { Domain } from './model.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/**
 * Is all memory of the guest pinned from its start? It is for a PCI device; a slice of one (mdev) pins what it uses.
 * vfio_dma_do_map of Linux, drivers/vfio/vfio_iommu_type1.c
 */
export function pinsAllMemory({ domain }: { readonly domain: Domain }): boolean {
  const byQemu = domain.qemuArguments.some((argument) => /\bvfio-pci\b/.test(argument) && !/\bsysfsdev=[^,]{0,200}mdev/.test(argument));
  return domain.pciDevices.length > 0 || byQemu;
}

/** VIR_DOMAIN_MEMORY_PARAM_UNLIMITED: from here on a limit is none. */
const UNLIMITED_KIB = 9_007_199_254_740_991;
const EXTRA_KIB = 1024 * 1024;

/** `<hard_limit>` in KiB: QEMU gets and locks no more than this. Null: none is set, or libvirt cannot read it. */
export function hardLimitKiB(domain: XmlElement): number | null {
  const kib = sizeOf(first(domain, 'memtune', 'hard_limit'))?.kib ?? null;
  return kib === null || kib >= UNLIMITED_KIB ? null : kib;
}

/**
 * KiB that libvirt lets QEMU lock where no limit is set: all memory, once for each NVMe disk and vDPA device, once for all
 * other passed devices or, with a virtual IOMMU, once for each; and 1 GiB. Null: the memory cannot be read.
 * qemuDomainGetMemLockLimitBytes of libvirt 11.3, https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/qemu/qemu_domain.c
 */
export function lockedKiB(root: XmlElement, { qemuArguments }: Pick<Domain, 'qemuArguments'>): number | null {
  const memory = guestMemoryOf({ root });
  if (memory === null) return null;
  const devices = first(root, 'devices');
  const ofType = (name: string, ...types: readonly string[]): number =>
    all(devices, name).filter((device) => types.includes(attribute(device, 'type') ?? '')).length;
  const vfio = ofType('hostdev', 'pci', 'mdev') + ofType('interface', 'hostdev');
  const others = ofType('disk', 'nvme', 'vhostvdpa') + ofType('interface', 'vdpa');
  const byQemu = qemuArguments.some((argument) => /\bvfio-pci\b/.test(argument)) ? 1 : 0;
  const once = Math.min(1, vfio + byQemu);
  const factor = others + (first(devices, 'iommu') === undefined ? once : Math.max(once, vfio));
  return factor * memory.totalKiB + EXTRA_KIB;
}
