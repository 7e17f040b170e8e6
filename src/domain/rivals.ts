import { disksOf, storageKey } from './disks.ts';
import type { DomainDocument } from './document.ts';

/**
 * What a domain has for itself while it runs: PCI devices of the host, and images that it writes (QEMU locks them). Domains that
 * both have one of these never run at the same time.
 */
export function exclusiveResources(document: DomainDocument): ReadonlySet<string> {
  const images = disksOf(document).flatMap((disk) =>
    disk.isReadOnly || disk.isShareable || disk.isTransient ? [] : (storageKey(disk, (path) => path) ?? []),
  );
  return new Set([...document.domain.pciDevices.map(({ address }) => `pci ${address}`), ...images]);
}
