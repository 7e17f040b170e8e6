import { hostDevices } from '../../../src/domain/host-devices.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import otherDevices from '../../preflight/vfio/other-devices.ts';
import { atDevices } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/host-needs',
  title: 'The host does not stand on drives and network cards that the domain is given',
  severity: 'blocker',
  host: ['lintedDeviceNeeds'],
  why: otherDevices.why,
  sources: ['https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate(document, { lintedDeviceNeeds }) {
    const own = new Set(hostDevices(document).map(({ address }) => address));
    const others = lintedDeviceNeeds.others.filter((address) => own.has(address));
    if (others.length === 0) return [];
    return atDevices(document, otherDevices.evaluate({ neededDevices: { ...lintedDeviceNeeds, others } }));
  },
});
