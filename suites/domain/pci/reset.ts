import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import reset from '../../preflight/gpu/reset.ts';
import { asDefined, atDevices, givesHostDevice, passthroughOf } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/reset',
  title: 'The given GPU can be reset between two starts of the domain',
  severity: 'major',
  host: ['pciDevices'],
  wantsHost: ['gpuAttributes', 'kernel'],
  applies: [givesHostDevice],
  why: reset.why,
  sources: [
    'https://docs.kernel.org/admin-guide/abi-testing.html',
    'https://github.com/torvalds/linux/blob/v6.12/drivers/vfio/pci/vfio_pci_core.c',
    'https://github.com/gnif/vendor-reset',
  ],
  evaluate(document, { pciDevices, gpuAttributes, kernel }) {
    const passthrough = passthroughOf(document, pciDevices);
    if (passthrough.gpus.length === 0) return [];
    const attributes = gpuAttributes.ok ? gpuAttributes.value : [];
    return atDevices(
      document,
      reset.evaluate({ passthrough, pciDevices, gpuAttributes: attributes, kernel, domains: asDefined(document) }),
    );
  },
});
