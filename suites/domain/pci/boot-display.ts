import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import notHostDisplay from '../../preflight/gpu/not-host-display.ts';
import { atDevices, givesHostDevice, passthroughOf, unseen } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/boot-display',
  title: 'The host shows nothing on the given GPU',
  severity: 'blocker',
  host: ['pciDevices'],
  wantsHost: ['displays', 'libvirtHooks', 'cpu'],
  applies: [givesHostDevice],
  why: notHostDisplay.why,
  sources: ['https://docs.kernel.org/gpu/vgaarbiter.html', 'https://libvirt.org/hooks.html'],
  evaluate(document, { pciDevices, displays, libvirtHooks, cpu }) {
    const passthrough = passthroughOf(document, pciDevices);
    if (passthrough.gpus.length === 0) return [];
    if (!displays.ok) return unseen(displays.error);
    return atDevices(document, notHostDisplay.evaluate({ passthrough, pciDevices, displays: displays.value, libvirtHooks, cpu }));
  },
});
