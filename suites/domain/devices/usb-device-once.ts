import { type UsbHostDevice, usbHostDevices } from '../../../src/domain/usb-host-devices.ts';
import { failAt, passAt, seenAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/devices/usb-device-once',
  title: 'Each USB device of the host is given to the guest once',
  severity: 'blocker',
  why: 'libvirt refuses a definition that gives a USB device twice ("Hostdev already exists in the domain configuration").',
  sources: [
    'https://libvirt.org/formatdomain.html#usb-pci-scsi-devices',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/conf/domain_conf.c',
  ],
  evaluate(document) {
    const seen = new Map<string, UsbHostDevice>();
    return usbHostDevices(document).flatMap((device) => {
      const name = nameOf(device);
      if (name === null) return [];
      const spot = device.source ?? device.element;
      const other = seen.get(name);
      seen.set(name, other ?? device);
      if (other === undefined) return passAt(document, spot);
      return failAt(document, spot, `the USB device ${name} is given twice`, {
        remedy: xmlRemedy(
          document,
          device.address === null
            ? 'Remove this <hostdev>; when you have two of the kind, name each by <address> with its bus and device as well'
            : 'Remove this <hostdev>',
        ),
        evidence: [seenAt(document, other.source ?? other.element)],
      });
    });
  },
});

/** What libvirt compares (`virDomainHostdevMatchSubsysUSB`): the place where one is written, else the kind. */
function nameOf({ address, id }: UsbHostDevice): string | null {
  if (address !== null) return `at bus ${address.bus}, device ${address.device}`;
  return id === null ? null : `${id.vendor}:${id.product}`;
}
