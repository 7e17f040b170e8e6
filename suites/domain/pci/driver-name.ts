import { removeAttribute, removeElement } from '../../../src/domain/edit.ts';
import { hostDevices } from '../../../src/domain/host-devices.ts';
import { attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/pci/driver-name',
  title: 'Host devices are assigned with VFIO',
  severity: 'blocker',
  why: "The assignment of KVM itself (driver name='kvm') left the kernel in 2017, and that of Xen is for Xen: libvirt accepts the definition and refuses to start the domain.",
  sources: [
    'https://libvirt.org/formatdomain.html#host-device-assignment',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/qemu/qemu_hostdev.c',
  ],
  evaluate: (document) =>
    hostDevices(document).flatMap(({ element, kind, address }): readonly Outcome[] => {
      const driver = kind === 'disk' ? undefined : first(element, 'driver');
      const name = attribute(driver, 'name');
      if (driver === undefined || name === null) return [];
      const spot = { element: driver, attribute: 'name' };
      if (name === 'vfio') return [passAt(document, spot)];
      const isAlone = Object.keys(driver.attributes).length === 1 && driver.children.length === 0;
      return [
        failAt(document, spot, `${address ?? 'the device'} is to be assigned by "${name.slice(0, 40)}", which QEMU does not have`, {
          expected: 'vfio, or no <driver>',
          remedy: xmlRemedy(document, `Remove ${isAlone ? '<driver>' : 'the name of the driver'}: VFIO is the default`),
          edits: [isAlone ? removeElement(document, driver) : removeAttribute(document, driver, 'name')],
        }),
      ];
    }),
});
