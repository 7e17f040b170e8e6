import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { givesHostDevice, presentDevices, sourceSpot } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/no-bridge',
  title: 'The domain is given devices, not the bridges above them',
  severity: 'blocker',
  host: ['pciDevices'],
  applies: [givesHostDevice],
  why: 'VFIO takes devices only: libvirt refuses a bridge ("Non-endpoint PCI devices cannot be assigned to guests"). A bridge in the IOMMU group of the GPU stays with its own driver.',
  sources: [
    'https://docs.kernel.org/driver-api/vfio.html',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/hypervisor/virhostdev.c',
  ],
  evaluate: (document, { pciDevices }) =>
    presentDevices(document, pciDevices).map(({ given, device }) => {
      const kind = kindOfBridge(device.classCode);
      if (kind === null) return passAt(document, sourceSpot(given));
      return failAt(document, sourceSpot(given), `${device.address} is a ${kind.name}`, {
        remedy: xmlRemedy(document, `Remove this ${given.element.name}: ${kind.advice}`),
        evidence: [{ source: `/sys/bus/pci/devices/${device.address}/class`, observed: `0x${device.classCode}` }],
        severity: kind.isRefused ? 'blocker' : 'major',
      });
    }),
});

/** Bridges of PCI and CardBus have another header, which libvirt refuses; that of the host bridge is an ordinary one. */
function kindOfBridge(classCode: string): { readonly name: string; readonly advice: string; readonly isRefused: boolean } | null {
  const stays = 'it may stay in the IOMMU group with the driver pcieport';
  if (classCode.startsWith('0604') || classCode.startsWith('0609')) return { name: 'PCI bridge', advice: stays, isRefused: true };
  if (classCode.startsWith('0607')) return { name: 'CardBus bridge', advice: stays, isRefused: true };
  if (!classCode.startsWith('0600')) return null;
  return { name: 'host bridge, a part of the processor', advice: 'no guest can use it', isRefused: false };
}
