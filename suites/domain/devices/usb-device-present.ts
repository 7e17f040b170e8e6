import type { DomainDocument } from '../../../src/domain/document.ts';
import { type UsbHostDevice, usbHostDevices } from '../../../src/domain/usb-host-devices.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Evidence, type Outcome } from '../../../src/engine/outcome.ts';
import { USB_DEVICES, type UsbDevice } from '../../../src/facts/usb-devices.ts';

export default defineDomainRule({
  id: 'domain/devices/usb-device-present',
  title: 'Every USB device that the guest is given is plugged in',
  severity: 'major',
  host: ['usbDevices'],
  why: 'libvirt does not start a domain without a USB device of it, unless the device may be missing, nor one that could mean two devices.',
  sources: ['https://libvirt.org/formatdomain.html#usb-pci-scsi-devices'],
  evaluate(document, { usbDevices }) {
    return usbHostDevices(document).flatMap((wanted) => judge(document, wanted, usbDevices) ?? []);
  },
});

/** Null: it is not written which device is meant. */
function judge(document: DomainDocument, wanted: UsbHostDevice, plugged: readonly UsbDevice[]): Outcome | null {
  const name = nameOf(wanted);
  if (name === null) return null;
  const spot = wanted.source ?? wanted.element;
  const found = plugged.filter((device) => isMeant(device, wanted));
  const [device] = found;
  if (device !== undefined && found.length === 1)
    return passAt(document, spot, `${name}${device.title === null ? '' : ` (${device.title.slice(0, 80)})`}`);
  if (device !== undefined) return ambiguous(document, wanted, found);
  const hidden = plugged.find(({ vendor, product }) => vendor.state === 'unreadable' || product.state === 'unreadable');
  if (hidden !== undefined) return couldNotLook(`${USB_DEVICES}/${hidden.name}`, 'its ids cannot be read', 'run passcheck as root');
  if (wanted.isOptional) return passAt(document, spot, `${name} is not plugged in, and may be missing`);
  const byAddress = wanted.id === null;
  return failAt(document, spot, `the USB device ${name} is not plugged in`, {
    evidence: [{ source: USB_DEVICES, observed: `${plugged.length} devices, none of them ${name}` }],
    remedy: byAddress
      ? xmlRemedy(document, 'Name the device by <vendor> and <product>: its number is another one each time it is plugged in')
      : xmlRemedy(document, "Plug it in, or write startupPolicy='optional' at its <source>: then the guest starts without it"),
  });
}

function nameOf({ id, address }: UsbHostDevice): string | null {
  if (id !== null) return `${id.vendor}:${id.product}`;
  return address === null ? null : `${address.bus}-${address.device}`;
}

/** libvirt looks by both where both are written. */
function isMeant({ vendor, product, bus, device }: UsbDevice, { id, address }: UsbHostDevice): boolean {
  const hasId =
    id === null || (vendor.state === 'ok' && product.state === 'ok' && vendor.value === id.vendor && product.value === id.product);
  return hasId && (address === null || (bus === address.bus && device === address.device));
}

function ambiguous(document: DomainDocument, wanted: UsbHostDevice, found: readonly UsbDevice[]): Outcome {
  const evidence: readonly Evidence[] = found.slice(0, 8).map(({ name, bus, device, title }) => ({
    source: `${USB_DEVICES}/${name}`,
    observed: `bus ${bus ?? '?'}, device ${device ?? '?'}${title === null ? '' : `, ${title.slice(0, 80)}`}`,
  }));
  return failAt(
    document,
    wanted.source ?? wanted.element,
    `${found.length} USB devices are ${nameOf(wanted) ?? ''}, and libvirt cannot tell which is meant`,
    {
      evidence,
      remedy: xmlRemedy(document, 'Say which one is meant by its numbers, or pass a whole USB controller through', {
        inside: '<source>',
        write: `<address bus='${found[0]?.bus ?? 1}' device='${found[0]?.device ?? 1}'/>`,
      }),
    },
  );
}
