import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import otherDevices from '../../preflight/vfio/other-devices.ts';
import { canCarryHost } from '../../../src/facts/linted-device-needs.ts';
import { atDevices, givesHostDevice, presentDevices, unseen } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/host-needs',
  title: 'The host does not stand on drives and network cards that the domain is given',
  severity: 'blocker',
  host: ['pciDevices'],
  wantsHost: ['lintedDeviceNeeds'],
  applies: [givesHostDevice],
  why: otherDevices.why,
  sources: ['https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate(document, { pciDevices, lintedDeviceNeeds }) {
    const given = presentDevices(document, pciDevices).filter(({ device }) => canCarryHost(device));
    if (given.length === 0) return [];
    if (!lintedDeviceNeeds.ok) return unseen(lintedDeviceNeeds.error);
    const others = given.map(({ device }) => device.address);
    return atDevices(document, otherDevices.evaluate({ neededDevices: { ...lintedDeviceNeeds.value, others } }));
  },
});
