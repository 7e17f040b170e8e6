import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import groupIsolated from '../../preflight/iommu/group-isolated.ts';
import { asDefined, atDevices, givesHostDevice, passthroughOf } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/group-isolated',
  title: 'The IOMMU groups of the given devices hold nothing that the host uses',
  severity: 'blocker',
  host: ['pciDevices', 'iommu'],
  wantsHost: ['kernel', 'pciConfig'],
  applies: [givesHostDevice],
  why: groupIsolated.why,
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://docs.kernel.org/driver-api/driver-model/driver.html'],
  evaluate(document, { pciDevices, iommu, kernel, pciConfig }) {
    const passthrough = passthroughOf(document, pciDevices);
    if (passthrough.devices.length === 0) return [];
    const domains = asDefined(document);
    return atDevices(document, groupIsolated.evaluate({ passthrough, pciDevices, iommu, kernel, pciConfig, domains }));
  },
});
