import { pciAddressAttributes, parsePciAddress } from '../../../src/domain/pci-address.ts';
import { qemuDevices } from '../../../src/domain/qemu-devices.ts';
import { failAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/pci/qemu-device',
  title: 'Host devices are given by libvirt, not by arguments for QEMU',
  severity: 'major',
  why: 'libvirt does not know of a device that arguments for QEMU add: it raises no memory limit for it, does not allow it in the device cgroup, does not bind it, and gives it to a second domain.',
  sources: [
    'https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands',
    'https://libvirt.org/formatdomain.html#host-device-assignment',
  ],
  evaluate(document) {
    const devices = qemuDevices(document);
    const given = devices.filter(({ driver }) => driver === 'vfio-pci');
    if (given.length === 0) return devices.length === 0 ? [] : passWithout(document, 'no vfio-pci among the devices for QEMU');
    return given.map(({ properties, element }): Outcome => {
      const host = properties.get('host');
      const address = parsePciAddress(host ?? '');
      const what = host ?? properties.get('sysfsdev') ?? 'a device';
      const write =
        address === null
          ? null
          : `<hostdev mode='subsystem' type='pci' managed='yes'><source><address ${pciAddressAttributes(address)}/></source></hostdev>`;
      return failAt(document, { element, attribute: 'value' }, `${what.slice(0, 120)} is given to QEMU behind the back of libvirt`, {
        expected: 'a <hostdev>',
        remedy: xmlRemedy(
          document,
          'Write it as a <hostdev>, and remove both arguments',
          write === null ? undefined : { inside: '<devices>', write },
        ),
      });
    });
  },
});
