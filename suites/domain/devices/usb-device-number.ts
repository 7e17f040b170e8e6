import { usbHostDevices } from '../../../src/domain/usb-host-devices.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/devices/usb-device-number',
  title: 'USB devices are named by vendor and product',
  severity: 'minor',
  why: 'A USB device gets another number each time it is plugged in, and after each boot: the guest then gets another device, or does not start.',
  sources: ['https://libvirt.org/formatdomain.html#usb-pci-scsi-devices'],
  evaluate(document) {
    return usbHostDevices(document).flatMap(({ element, source, id, address }) => {
      const spot = source ?? element;
      if (id !== null) return [passAt(document, spot)];
      if (address === null) return [];
      const number = `device ${address.device} of bus ${address.bus}`;
      return [
        failAt(document, spot, `the USB device is named by its number (${number}), which is another one after the next plug`, {
          expected: '<vendor> and <product>',
          remedy: {
            ...xmlRemedy(document, 'Name vendor and product, unless two devices of the host have the same ones'),
            steps: [{ run: `lsusb -s ${address.bus}:${address.device}`, text: 'shows both, as ID vendor:product' }],
          },
        }),
      ];
    });
  },
});
